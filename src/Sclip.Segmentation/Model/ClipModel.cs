using System.Security.Cryptography;
using System.Text;
using Sclip.Labels;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Text;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation;

/// <summary>A CLIP model: a directory in Hugging Face layout, its weights memory-mapped, and packed for the matrix product of the managed engine once, at load.</summary>
public sealed class ClipModel : IDisposable
{
    private readonly SafeTensors _tensors;
    private readonly Threads _threads;
    private readonly VisionTransformer? _vision;

    private ClipModel(string directory, int threads, bool packVision)
    {
        Config = ClipConfig.Load(directory);
        Defaults = ModelDefaults.Load(directory);
        Tokenizer = ClipTokenizer.Load(directory, Config.ContextLength, Config.VocabularySize);
        var normalisation = PixelNormalisation.Load(directory);
        _threads = new Threads(threads);
        _tensors = SafeTensors.OpenDirectory(directory);
        try
        {
            Config.RequireAllLayers(_tensors);
            Normalisation = normalisation;
            Fingerprint = ComputeFingerprint(directory);
            if (packVision)
            {
                _vision = new VisionTransformer(_tensors, Config, normalisation, _threads);
                // Each tensor was read into an array of its own before it was packed.
                LargeGarbage.Collect(_tensors.Names.Where(name => name.StartsWith("vision_model", StringComparison.Ordinal)).Sum(name => _tensors.Count(name) * sizeof(float)));
            }
        }
        catch
        {
            _tensors.Dispose();
            throw;
        }
    }

    /// <summary>The architecture.</summary>
    public ClipConfig Config { get; }

    /// <summary>The settings that the model brings along.</summary>
    public ModelDefaults Defaults { get; }

    /// <summary>
    /// A hash that tells models apart: of the configuration, the vocabulary, and each tensor's name, shape and first 4 KiB. Weights are not
    /// hashed whole, since that would cost more than loading them.
    /// </summary>
    public string Fingerprint { get; }

    internal VisionTransformer Vision => _vision ?? throw new InvalidOperationException("The model was loaded without the managed engine's vision transformer.");

    internal SafeTensors Tensors => _tensors;

    internal PixelNormalisation Normalisation { get; }

    internal Threads Threads => _threads;

    /// <summary>Loads a model directory.</summary>
    /// <param name="directory">config.json, model.safetensors (or its shards), vocab.json, merges.txt, preprocessor_config.json.</param>
    /// <param name="threads">Threads that compute; results do not depend on it.</param>
    /// <param name="packVision">Whether the managed engine is to run on it; other backends take the weights of the vision transformer themselves.</param>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, or the weights do not fit the configuration.</exception>
    public static ClipModel Load(string directory, int threads, bool packVision = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return Directory.Exists(directory)
            ? new ClipModel(directory, threads, packVision)
            : throw new ModelFormatException($"The model directory {directory} does not exist.");
    }

    /// <summary>Computes the embeddings of a label set, or takes them from the cache; the text transformer is loaded for that alone.</summary>
    /// <param name="labels">The classes and their synonyms.</param>
    /// <param name="templates">Prompts, <c>{}</c> for the name.</param>
    /// <param name="cacheDirectory">Where embeddings are kept by a hash of model, names and templates; null keeps none.</param>
    /// <param name="progress">Told the share that is done, 0..1.</param>
    /// <param name="warn">Told of names that are too long for the model's context.</param>
    /// <param name="cancellationToken">Looked at between blocks.</param>
    /// <exception cref="ModelFormatException">The text transformer's weights are missing or corrupt.</exception>
    public LabelEmbeddings EmbedLabels(
        LabelSet labels, PromptTemplates templates, string? cacheDirectory, IProgress<double>? progress = null, Action<string>? warn = null,
        CancellationToken cancellationToken = default)
    {
        if (warn is not null)
            LabelEmbedder.WarnOfTruncation(labels, templates, Tokenizer, warn);
        return LabelEmbeddingCache.GetOrCompute(cacheDirectory, Fingerprint, labels, templates, () =>
        {
            using var text = LoadText();
            return LabelEmbedder.Embed(labels, templates, Tokenizer, text, progress, cancellationToken);
        });
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _vision?.Dispose();
        _tensors.Dispose();
        _threads.Dispose();
    }

    internal TextTransformer LoadText() => new(_tensors, Config, _threads);

    internal ClipTokenizer Tokenizer { get; }

    private string ComputeFingerprint(string directory)
    {
        const int HeadBytes = 4096;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (string[])["config.json", "preprocessor_config.json", "vocab.json", "merges.txt"])
            hash.AppendData(SHA256.HashData(ModelFiles.ReadBytes(Path.Combine(directory, file))));
        foreach (var name in _tensors.Names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {string.Join(',', _tensors.Shape(name))}\n"));
            hash.AppendData(_tensors.Head(name, HeadBytes));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
