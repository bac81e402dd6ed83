using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Segmentation;

namespace Sclip.Evaluation.Predictions;

/// <summary>What is evaluated: a folder of results, with masks, <c>results.jsonl</c> and the settings of its run, or any folder of masks.</summary>
public sealed class PredictionFolder
{
    private const string Results = "results.jsonl", Settings = "sclip-settings.json", MasksFolder = "masks";

    private readonly string _folder;

    private PredictionFolder(string folder, MaskFolder masks) => (_folder, Masks) = (folder, masks);

    /// <summary>The masks.</summary>
    public MaskFolder Masks { get; }

    /// <summary>Opens a folder; given is that of results, or the one of masks in it, or any other with masks.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="suffix">What the masks' names have behind the pictures'.</param>
    /// <param name="except">A folder below that holds no masks.</param>
    /// <exception cref="EvaluationException">It does not exist.</exception>
    public static PredictionFolder Open(string folder, string suffix = "", string? except = null)
    {
        if (HoldsResults(folder))
            return new PredictionFolder(folder, new MaskFolder(Path.Combine(folder, MasksFolder), suffix, except));
        var masks = new MaskFolder(folder, suffix, except);
        var full = Path.GetFullPath(folder).TrimEnd('/');
        var above = Path.GetDirectoryName(full);
        return new PredictionFolder(above is not null && Path.GetFileName(full) == MasksFolder && HoldsResults(above) ? above : folder, masks);
    }

    /// <summary>The classes that the run was made with; null where the folder does not tell.</summary>
    /// <exception cref="EvaluationException">They cannot be read.</exception>
    public IReadOnlyList<LabelClass>? Classes()
    {
        var path = Path.Combine(_folder, Settings);
        if (!File.Exists(path))
            return null;
        try
        {
            var labels = JsonNode.Parse(File.ReadAllText(path))?["labels"]?.AsArray().Select(ClassOf);
            return labels is null ? null : LabelSet.Of(labels).Classes;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException or FormatException or LabelSetException or IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"The classes cannot be read from {path}: {error.Message.TrimEnd('.')}. Give them by --labels.", error);
        }
    }

    /// <summary>The pictures that could not be labelled: how many, and the first few with the reason.</summary>
    public NameSample Failures(CancellationToken cancellationToken)
    {
        var failed = new NameSample();
        var path = Path.Combine(_folder, Results);
        if (!File.Exists(path))
            return failed;
        foreach (var line in File.ReadLines(path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ImageResult.TryParse(line) is { Status: ImageStatus.Failed } result)
                failed.Add($"{result.Image} ({result.Error?.TrimEnd('.') ?? "no reason is given"})");
        }
        return failed;
    }

    private static bool HoldsResults(string folder) =>
        Directory.Exists(Path.Combine(folder, MasksFolder)) && (File.Exists(Path.Combine(folder, Results)) || File.Exists(Path.Combine(folder, Settings)));

    private static LabelClass ClassOf(JsonNode? node) => new()
    {
        Name = node?["name"]?.GetValue<string>() ?? throw new FormatException("a class has no name"),
        Color = RgbColor.TryParse(node["color"]?.GetValue<string>(), out var color) ? color : null,
    };
}
