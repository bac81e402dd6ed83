using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>What is evaluated: a folder of results, with masks, <c>results.jsonl</c> and the settings of its run, or any folder of masks.</summary>
public sealed class PredictionFolder
{
    private const string Results = "results.jsonl", MasksFolder = "masks";

    private PredictionFolder(string folder, MaskFolder masks) => (Folder, Masks) = (folder, masks);

    /// <summary>The folder of the results, where there are any; else that of the masks.</summary>
    public string Folder { get; }

    /// <summary>Whether it is a folder of results.</summary>
    public bool HoldsResults => File.Exists(Path.Combine(Folder, Results));

    /// <summary>The masks.</summary>
    public MaskFolder Masks { get; }

    /// <summary>Opens a folder; given is that of results, or the one of masks in it or one below that, or any other with masks.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="suffix">What the masks' names have behind the pictures'.</param>
    /// <param name="except">A folder below that holds no masks.</param>
    /// <exception cref="EvaluationException">It does not exist.</exception>
    public static PredictionFolder Open(string folder, string suffix = "", string? except = null)
    {
        if (AreResults(folder))
            return new PredictionFolder(folder, new MaskFolder(Path.Combine(folder, MasksFolder), suffix, except));
        return new PredictionFolder(ResultsAbove(Path.GetFullPath(folder).TrimEnd('/')) ?? folder, new MaskFolder(folder, suffix, except));
    }

    /// <summary>The classes that the run was made with; null where the folder does not tell, or cannot and others are given.</summary>
    /// <exception cref="LabelSetException">They cannot be read.</exception>
    public IReadOnlyList<LabelClass>? Classes(IReadOnlyList<LabelClass>? given = null) => MaskLabels.Read(Folder, given);

    /// <summary>What the results tell of the masks; null where there are none.</summary>
    /// <param name="classes">The classes that the run was made with.</param>
    /// <param name="cancellationToken">Checked between results.</param>
    public ToldMasks? Told(IReadOnlyList<LabelClass>? classes, CancellationToken cancellationToken) =>
        classes is not null && HoldsResults ? new ToldMasks(Folder, Read(cancellationToken), classes) : null;

    /// <summary>The pictures that could not be labelled: how many, and the first few with the reason.</summary>
    public NameSample Failures(CancellationToken cancellationToken)
    {
        var failed = new NameSample();
        foreach (var result in Read(cancellationToken))
            if (result.Status == ImageStatus.Failed)
                failed.Add($"{result.Image} ({result.Error?.TrimEnd('.') ?? "no reason is given"})");
        return failed;
    }

    /// <summary>Lines of the results that cannot be read, as an interrupted run leaves one.</summary>
    public long Unreadable() => HoldsResults ? File.ReadLines(Path.Combine(Folder, Results)).LongCount(line => line.Length > 0 && ImageResult.TryParse(line) is null) : 0;

    /// <summary>The masks that no result names: another run's. None where there are no results.</summary>
    public NameSample Strangers(CancellationToken cancellationToken)
    {
        var strangers = new NameSample();
        if (!HoldsResults)
            return strangers;
        // Names are held only where there is something to find: a folder may have millions.
        var named = Read(cancellationToken).LongCount(result => result.Mask is { } mask && File.Exists(Path.Combine(Folder, mask)));
        if (Below(Masks, cancellationToken).LongCount() <= named && Masks.Root == Path.Combine(Folder, MasksFolder))
            return strangers;
        var names = Read(cancellationToken).Select(result => result.Mask).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var root = Path.GetRelativePath(Folder, Masks.Root).Replace('\\', '/');
        foreach (var mask in Below(Masks, cancellationToken).Select(mask => $"{root}/{mask}").Where(mask => !names.Contains(mask)))
            strangers.Add(mask);
        return strangers;
    }

    private static IEnumerable<string> Below(MaskFolder masks, CancellationToken cancellationToken) => masks.Masks().Select(mask =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return mask;
    });

    private IEnumerable<ImageResult> Read(CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, Results);
        if (!File.Exists(path))
            yield break;
        foreach (var line in File.ReadLines(path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ImageResult.TryParse(line) is { } result)
                yield return result;
        }
    }

    private static string? ResultsAbove(string folder)
    {
        for (string? above; (above = Path.GetDirectoryName(folder)) is not null; folder = above)
            if (Path.GetFileName(folder) == MasksFolder && AreResults(above))
                return above;
        return null;
    }

    private static bool AreResults(string folder) =>
        Directory.Exists(Path.Combine(folder, MasksFolder)) && File.Exists(Path.Combine(folder, Results));
}
