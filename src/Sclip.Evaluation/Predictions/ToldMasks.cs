using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>What the results of a run tell of its masks, some 40 bytes each, to find a mask that is another picture's or run's.</summary>
public sealed class ToldMasks
{
    private readonly Dictionary<UInt128, int> _told = [];
    private readonly int _classes;

    /// <summary>Takes what results tell.</summary>
    /// <param name="folder">The folder that the results are of.</param>
    /// <param name="results">The results.</param>
    /// <param name="classes">The classes that they count; the index is the value in the masks.</param>
    internal ToldMasks(string folder, IEnumerable<ImageResult> results, IReadOnlyList<LabelClass> classes)
    {
        string[] names = [.. classes.Select(label => label.Name)];
        _classes = names.Length;
        foreach (var result in results)
            if (result.Mask is { } mask && ResultMask.Fingerprint(result, names) is { } told)
                _told[KeyOf(Path.Combine(folder, mask))] = told;
    }

    /// <summary>Whether a mask is the one that its result tells of, as far as one does.</summary>
    /// <param name="path">The mask's file.</param>
    /// <param name="mask">Its values, as they stand in it.</param>
    public bool Agree(string path, LabelMap mask) => !_told.TryGetValue(KeyOf(path), out var told) || told == ResultMask.Fingerprint(mask, _classes);

    private static UInt128 KeyOf(string path) => NameDigest.Of(Path.GetFullPath(path));
}
