using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>What is evaluated: a folder of results, with masks, <c>results.jsonl</c> and the settings of its run, or any folder of masks.</summary>
public sealed class PredictionFolder
{
    private const string Results = "results.jsonl", MasksFolder = "masks";

    private readonly string _folder;

    private PredictionFolder(string folder, MaskFolder masks) => (_folder, Masks) = (folder, masks);

    /// <summary>The masks.</summary>
    public MaskFolder Masks { get; }

    /// <summary>Opens a folder; given is that of results, or the one of masks in it or one below that, or any other with masks.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="suffix">What the masks' names have behind the pictures'.</param>
    /// <param name="except">A folder below that holds no masks.</param>
    /// <exception cref="EvaluationException">It does not exist.</exception>
    public static PredictionFolder Open(string folder, string suffix = "", string? except = null)
    {
        if (HoldsResults(folder))
            return new PredictionFolder(folder, new MaskFolder(Path.Combine(folder, MasksFolder), suffix, except));
        return new PredictionFolder(ResultsAbove(Path.GetFullPath(folder).TrimEnd('/')) ?? folder, new MaskFolder(folder, suffix, except));
    }

    /// <summary>The classes that the run was made with; null where the folder does not tell.</summary>
    /// <exception cref="LabelSetException">They cannot be read.</exception>
    public IReadOnlyList<LabelClass>? Classes() => MaskLabels.Read(_folder);

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

    private static string? ResultsAbove(string folder)
    {
        for (string? above; (above = Path.GetDirectoryName(folder)) is not null; folder = above)
            if (Path.GetFileName(folder) == MasksFolder && HoldsResults(above))
                return above;
        return null;
    }

    private static bool HoldsResults(string folder) =>
        Directory.Exists(Path.Combine(folder, MasksFolder)) && File.Exists(Path.Combine(folder, Results));
}
