namespace Sclip.Labels;

/// <summary>The class of each pixel; <see cref="Nothing"/> where there is none.</summary>
/// <param name="labels">Class index per pixel, <c>[height, width]</c>.</param>
/// <param name="width">Width in pixels.</param>
/// <param name="height">Height in pixels.</param>
public sealed class LabelMap(ushort[] labels, int width, int height)
{
    /// <summary>The value of pixels that are not exported; no label set has so many classes.</summary>
    public const ushort Nothing = ushort.MaxValue;

    /// <summary>Class index per pixel, <c>[Height, Width]</c>.</summary>
    public ushort[] Labels => labels;

    /// <summary>Width in pixels.</summary>
    public int Width => width;

    /// <summary>Height in pixels.</summary>
    public int Height => height;

    /// <summary>A row of pixels, from 0.</summary>
    public ReadOnlySpan<ushort> Row(int y) => labels.AsSpan(y * width, width);

    /// <summary>Turns the pixels of classes that are not kept to nothing.</summary>
    public void Keep(ReadOnlySpan<bool> kept)
    {
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] is var label && label != Nothing && !kept[label])
                labels[i] = Nothing;
    }

    /// <summary>The values of a table for all pixels; its last entry is that of nothing.</summary>
    /// <param name="table">A value a class, and one more.</param>
    public T[] Map<T>(ReadOnlySpan<T> table)
    {
        var values = GC.AllocateUninitializedArray<T>(labels.Length);
        for (var i = 0; i < labels.Length; i++)
            values[i] = table[Math.Min(labels[i], table.Length - 1)];
        return values;
    }
}
