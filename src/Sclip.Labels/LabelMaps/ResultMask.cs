using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>
/// Whether a mask is the one that a result tells of: it has that size, and of each class as many pixels. Told by fingerprints, which hold in
/// one process alone, so that those of millions of results can be kept.
/// </summary>
public static class ResultMask
{
    /// <summary>Whether a mask is the one that a result tells of, as far as it does.</summary>
    /// <param name="result">The result.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="names">The names by which the result counts pixels; the index is the value in the mask.</param>
    public static bool Agree(ImageResult result, LabelMap mask, IReadOnlyList<string> names) => Fingerprint(result, names) is not { } told || told == Fingerprint(mask, names.Count);

    /// <summary>What a result tells of its mask; null where it does not tell enough.</summary>
    /// <param name="result">The result.</param>
    /// <param name="names">The names by which it counts pixels; the index is the value in the mask.</param>
    public static int? Fingerprint(ImageResult result, IReadOnlyList<string> names)
    {
        if (result is not { Pixels: { } pixels, Width: { } width, Height: { } height })
            return null;
        var counts = names.Select(name => pixels.GetValueOrDefault(name)).ToArray();
        return Fingerprint(width, height, counts, others: pixels.Values.Sum() - counts.Sum());
    }

    /// <summary>The same of a mask.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="classes">Number of classes.</param>
    public static int Fingerprint(LabelMap mask, int classes)
    {
        var counts = new long[classes];
        var others = 0L;
        foreach (var label in mask.Labels)
            if (label < classes)
                counts[label]++;
            else
                others++;
        return Fingerprint(mask.Width, mask.Height, counts, others);
    }

    private static int Fingerprint(int width, int height, long[] counts, long others)
    {
        var hash = new HashCode();
        hash.Add(width);
        hash.Add(height);
        foreach (var (label, count) in counts.Index())
            if (count > 0)
            {
                hash.Add(label);
                hash.Add(count);
            }
        hash.Add(others);
        return hash.ToHashCode();
    }
}
