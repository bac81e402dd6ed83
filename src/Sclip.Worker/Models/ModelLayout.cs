using Sclip.Segmentation;
using Sclip.Segmentation.Checkpoints;

namespace Sclip.Worker.Models;

/// <summary>The files of a model directory, in one of the layouts that there are.</summary>
internal sealed record ModelLayout
{
    /// <summary>config.json and model.safetensors, with the files of processor and tokeniser.</summary>
    public static readonly ModelLayout HuggingFace = new()
    {
        Name = "CLIP in Hugging Face layout",
        Config = "config.json",
        Weights = "model.safetensors",
        Checkpoint = PyTorchWeights.FileName,
        Parts = [[[Preprocessor], [Processor]], [["vocab.json", "merges.txt"], ["tokenizer.json"]]],
        // A processor_config.json beside the earlier file is taken, too: it is small, and a model tells where the two disagree.
        Optional = [Processor, "tokenizer_config.json", "special_tokens_map.json", "sclip.json"],
    };

    /// <summary>open_clip_config.json and open_clip_model.safetensors; a vocabulary need not be there.</summary>
    public static readonly ModelLayout OpenClip = new()
    {
        Name = "CLIP in OpenCLIP layout",
        Config = "open_clip_config.json",
        Weights = "open_clip_model.safetensors",
        Checkpoint = "open_clip_pytorch_model.bin",
        Parts = [[["vocab.json", "merges.txt"], ["tokenizer.json"], []]],
        Optional = ["tokenizer_config.json", "special_tokens_map.json", "sclip.json"],
    };

    /// <summary>A guide, as Hugging Face saves it: without texts.</summary>
    public static readonly ModelLayout Guide = HuggingFace with { Name = "guide in Hugging Face layout", Parts = [], Optional = [Preprocessor] };

    private const string Preprocessor = "preprocessor_config.json", Processor = "processor_config.json";

    /// <summary>What messages call it.</summary>
    public required string Name { get; init; }

    /// <summary>The file of the architecture.</summary>
    public required string Config { get; init; }

    /// <summary>The file of the weights.</summary>
    public required string Weights { get; init; }

    /// <summary>The file of weights that PyTorch saved.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The index of the weights where they are several files.</summary>
    public string WeightsIndex => $"{Weights}.index.json";

    /// <summary>The index of several files that PyTorch saved.</summary>
    public string CheckpointIndex => $"{Checkpoint}.index.json";

    /// <summary>The other parts of a model; each may be stored in several ways, of which the first is taken that is whole: that of transformers 5 is the second.</summary>
    public required string[][][] Parts { get; init; }

    /// <summary>Files that are taken where they are there.</summary>
    public required string[] Optional { get; init; }

    /// <summary>The layout of a model.</summary>
    /// <param name="isThere">Whether a file is there.</param>
    public static ModelLayout Of(Func<string, bool> isThere) => ModelDirectory.IsOpenClip(isThere) ? OpenClip : HuggingFace;

    /// <summary>The small files of a model, those that it needs and those that it may have.</summary>
    /// <param name="isThere">Whether a file is there.</param>
    public IEnumerable<string> SmallFiles(Func<string, bool> isThere) =>
        Parts.SelectMany(ways => Array.Find(ways, way => way.All(isThere)) ?? []).Union(Optional.Where(isThere));

    /// <summary>Says which part is there in none of its ways; null where all are.</summary>
    public string? Missing(Func<string, bool> isThere) => Array.Find(Parts, ways => !ways.Any(way => way.All(isThere))) is { } missing
        ? $"neither {string.Join(" nor ", missing.Select(way => string.Join(" and ", way)))}"
        : null;

    /// <summary>This layout, or that of a guide, or of a model that brings its own method along, where the file of the architecture is one's.</summary>
    /// <exception cref="ModelFormatException">The file cannot be read, or is of another kind of model.</exception>
    public ModelLayout In(string folder) =>
        this != HuggingFace ? this
        : GuideConfig.IsIn(folder) ? Guide
        : ClipConfig.Load(folder) is { OwnMethod: not null } config ? OfSystem(config, UndescribedWeights.AreDescribedIn(folder))
        : this;

    /// <summary>Refuses a folder whose small files no model can be loaded with, whatever its weights are.</summary>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, or of another kind of model.</exception>
    public void RequireSmallFiles(string folder)
    {
        if (this == Guide)
            GuideConfig.Load(folder);
        else
            Segmentation.SmallFiles.Require(folder);
    }

    /// <summary>Refuses a folder whose weights do not fit its configuration, by their headers.</summary>
    /// <exception cref="ModelFormatException">They do not.</exception>
    public void RequireWeights(string folder)
    {
        if (this == Guide)
            GuideSummary.Read(folder);
        else
            ModelSummary.Read(folder);
    }

    /// <summary>Writes weights that PyTorch saved into the file of this layout.</summary>
    public void Convert(IReadOnlyList<string> files, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var target = Path.Combine(folder, Weights);
        if (this != HuggingFace)
            PyTorchWeights.ConvertAsNamed(files, target, Tell, cancellationToken);
        else
            PyTorchWeights.Convert(files, target, Tell, cancellationToken);

        void Tell(long bytes, long total) => progress.Report(new(Weights, bytes, total, Done: bytes == total));
    }

    /// <summary>That of a model which brings its own method along: weights under its authors' names, and where its config.json is the program's own, a vocabulary need not be there.</summary>
    private static ModelLayout OfSystem(ClipConfig config, bool isOwn) => HuggingFace with
    {
        Name = $"{config.Architecture} model",
        Parts = [.. config.ReadsNormalisation ? HuggingFace.Parts[..1] : [], isOwn ? OpenClip.Parts[0] : HuggingFace.Parts[1]],
        Optional = config.ReadsNormalisation ? HuggingFace.Optional : OpenClip.Optional,
    };
}
