using Sclip.Segmentation;
using Sclip.Segmentation.Checkpoints;

namespace Sclip.Worker.Models;

/// <summary>The files of a model directory, in one of the layouts that there are.</summary>
internal sealed record ModelLayout
{
    /// <summary>config.json and model.safetensors, with the files of processor and tokeniser.</summary>
    public static readonly ModelLayout HuggingFace = new()
    {
        Name = "Hugging Face",
        Config = "config.json",
        Weights = "model.safetensors",
        Checkpoint = PyTorchWeights.FileName,
        Parts = [[["preprocessor_config.json"], [Processor]], [["vocab.json", "merges.txt"], ["tokenizer.json"]]],
        // A processor_config.json beside the earlier file is taken, too: it is small, and a model tells where the two disagree.
        Optional = [Processor, "tokenizer_config.json", "special_tokens_map.json", "sclip.json"],
    };

    /// <summary>open_clip_config.json and open_clip_model.safetensors; a vocabulary need not be there.</summary>
    public static readonly ModelLayout OpenClip = new()
    {
        Name = "OpenCLIP",
        Config = "open_clip_config.json",
        Weights = "open_clip_model.safetensors",
        Checkpoint = "open_clip_pytorch_model.bin",
        Parts = [[["vocab.json", "merges.txt"], ["tokenizer.json"], []]],
        Optional = ["tokenizer_config.json", "special_tokens_map.json", "sclip.json"],
    };

    /// <summary>The program's own config.json of weights whose authors publish none, and model.safetensors under their names; a vocabulary need not be there.</summary>
    public static readonly ModelLayout Own = HuggingFace with { Name = "own", Parts = [[["preprocessor_config.json"]], [["vocab.json", "merges.txt"], ["tokenizer.json"], []]] };

    private const string Processor = "processor_config.json";

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
}
