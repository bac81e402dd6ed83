using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Text;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation;

/// <summary>A CLIP model: a directory in the layout of Hugging Face or OpenCLIP, its weights memory-mapped, and packed for the matrix product of the managed engine once, at load or at first use.</summary>
public sealed class ClipModel : IDisposable
{
    private readonly SafeTensors _tensors;
    private readonly Threads _threads;
    private readonly Lazy<VisionTransformer> _vision;
    private readonly Lazy<ITrainedSystem>? _trained;
    private readonly Lazy<string> _visionFingerprint;
    private readonly GemmKernel _kernel;

    private ClipModel(string directory, int threads, bool packVision, GemmKernel kernel)
    {
        Config = ClipConfig.Load(directory);
        // Layers of other systems are computed in fp32 alone.
        _kernel = Config.Trained is null ? kernel : GemmKernel.Best;
        Defaults = ModelDefaults.Load(directory, Config);
        var warnings = new List<string>();
        Normalisation = Config.Trained?.Normalisation ?? PreprocessorFile.Load(directory, warnings.Add);
        Warnings = warnings;
        _threads = new Threads(threads);
        _tensors = SafeTensors.OpenDirectory(directory);
        if (Config.Trained is not null)
            _tensors.Expected = $"a {Config.Architecture} model";
        _visionFingerprint = new(() => ModelFingerprint.OfVision(_tensors, Config));
        _vision = new(() => new VisionTransformer(_tensors, Config, Normalisation, _kernel, _threads));
        if (Config.Trained is { } trained)
            _trained = new(() => trained.Load(new SystemLayers(_tensors, new ManagedLayers()), Config));
        try
        {
            Config.Trained?.Rename(_tensors, Config);
            Config.RequireAllLayers(_tensors);
            if (Config.Trained is null)
                HuggingFaceTensors.RefuseUnknown(_tensors, Config);
            // The weights take as long to pack as the vocabulary to read: where there are threads for both, they come at the same time.
            var vocabulary = threads > 1 ? Task.Run(ReadVocabulary) : Task.FromResult(ReadVocabulary());
            try
            {
                if (packVision)
                    _ = (object?)Trained ?? Vision;
            }
            finally
            {
                // It reads what is let go of below, so it is waited for; and where both fail, its error is the one told, whichever came first.
                (Tokenizer, Fingerprint) = vocabulary.GetAwaiter().GetResult();
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        (ClipTokenizer, string) ReadVocabulary() => (ClipTokenizer.Load(directory, Config.ContextLength, Config.VocabularySize, warnings.Add), ModelFingerprint.Of(directory, Config, _tensors));
    }

    /// <summary>The architecture.</summary>
    public ClipConfig Config { get; }

    /// <summary>The settings that the model brings along.</summary>
    public ModelDefaults Defaults { get; }

    /// <summary>What its user should know of its files, each a sentence or two: that some are there twice and disagree.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// A hash that tells models apart: of the configuration, the vocabulary, and each tensor's name, shape and first 4 KiB. Weights are not
    /// hashed whole, since that would cost more than loading them.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>A hash of the vision transformer's weights, whole, which features of pictures depend on beside the configuration; made when it is first asked for.</summary>
    public string VisionFingerprint => _visionFingerprint.Value;

    /// <summary>What tells its label embeddings from others': runs give the same masks whichever precision embedded the labels first.</summary>
    internal string EmbeddingFingerprint => Precision == EnginePrecision.Float32 ? Fingerprint : $"{Fingerprint} bf16";

    /// <summary>What the managed engine computes in.</summary>
    internal EnginePrecision Precision => _kernel.StepDepth == 1 ? EnginePrecision.Float32 : EnginePrecision.BFloat16;

    internal VisionTransformer Vision => _vision.Value;

    /// <summary>The vision side of a model that brings its own method along; null for CLIP, whose is <see cref="Vision"/>.</summary>
    internal ITrainedSystem? Trained => _trained?.Value;

    internal SafeTensors Tensors => _tensors;

    internal ClipTokenizer Tokenizer { get; }

    internal PixelNormalisation Normalisation { get; }

    internal Threads Threads => _threads;

    /// <summary>The guide of methods that need one; null where none was given. It is disposed of with the model.</summary>
    public GuideModel? Guide { get; private init; }

    /// <summary>Threads that compute.</summary>
    public int ThreadCount => _threads.Count;

    /// <summary>Loads a model directory.</summary>
    /// <param name="directory">config.json, model.safetensors (or its shards), vocab.json and merges.txt (or tokenizer.json), preprocessor_config.json (or processor_config.json).</param>
    /// <param name="threads">Threads that compute; results do not depend on it.</param>
    /// <param name="packVision">
    /// Whether the managed engine is to run on it for certain, so that weights which it cannot use are refused now. Else it packs them once it needs them,
    /// and fails then: other backends take the weights of the vision transformer themselves, and kept features need none.
    /// </param>
    /// <param name="precision">What the managed engine computes in, label embeddings too: where <see cref="ManagedPrecision"/> finds fp32 instead, in that.</param>
    /// <param name="guide">The directory of the guide of methods that need one (<see cref="GuideModel"/>); null without.</param>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, or the weights do not fit the configuration.</exception>
    /// <exception cref="DeviceException">This machine does not compute in the precision.</exception>
    public static ClipModel Load(string directory, int threads, bool packVision = true, EnginePrecision precision = EnginePrecision.Float32, string? guide = null) =>
        Load(directory, threads, packVision, ManagedPrecision.Of(precision).Precision == EnginePrecision.BFloat16 ? GemmKernel.OfBf16 : GemmKernel.Best, guide);

    internal static ClipModel Load(string directory, int threads, bool packVision, GemmKernel kernel, string? guide = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (!Directory.Exists(directory))
            throw new ModelFormatException($"The model directory {directory} does not exist.");
        var guided = guide is null ? null : GuideModel.Load(guide);
        try
        {
            return new ClipModel(directory, threads, packVision, kernel) { Guide = guided };
        }
        catch
        {
            guided?.Dispose();
            throw;
        }
    }

    /// <summary>Computes the embeddings of a label set, or takes them from the cache; the text transformer is loaded for that alone.</summary>
    /// <param name="labels">The classes and their synonyms.</param>
    /// <param name="templates">Prompts, <c>{}</c> for the name.</param>
    /// <param name="cacheDirectory">Where embeddings are kept by a hash of model, names and templates; null keeps none.</param>
    /// <param name="progress">Told the share that is done, 0..1.</param>
    /// <param name="warn">Told of names that are too long for the model's context.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <exception cref="ModelFormatException">The text transformer's weights are missing or corrupt.</exception>
    public LabelEmbeddings EmbedLabels(
        LabelSet labels, PromptTemplates templates, string? cacheDirectory, IProgress<double>? progress = null, Action<string>? warn = null,
        CancellationToken cancellationToken = default)
    {
        if (warn is not null)
            LabelEmbedder.WarnOfTruncation(labels, templates, Tokenizer, warn);
        return LabelEmbeddingCache.GetOrCompute(cacheDirectory, EmbeddingFingerprint, labels, templates, () =>
        {
            using var text = LoadText();
            return LabelEmbedder.Embed(labels, templates, Tokenizer, text, progress, cancellationToken);
        });
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_vision.IsValueCreated)
            _vision.Value.Dispose();
        Guide?.Dispose();
        if (_trained is { IsValueCreated: true })
            _trained.Value.Dispose();
        _tensors.Dispose();
        _threads.Dispose();
    }

    internal TextTransformer LoadText() => new(_tensors, Config, _kernel, _threads);
}
