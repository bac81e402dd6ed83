namespace Sclip.Formats.Regions;

/// <summary>The class of each pixel, <c>[height, width]</c>; <see cref="Nothing"/> where there is none.</summary>
internal sealed class LabelMap(ushort[] labels, int width, int height)
{
    /// <summary>The value of pixels that are not exported; no label set has so many classes.</summary>
    public const ushort Nothing = ushort.MaxValue;

    public ushort[] Labels => labels;

    public int Width => width;

    public int Height => height;

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

    /// <summary>Pixels and bounds of the classes that occur, by class.</summary>
    public List<Region> Classes(int count)
    {
        var areas = new int[count];
        var boxes = new Box[count];
        for (var y = 0; y < height; y++)
        {
            var row = Row(y);
            for (int x = 0, end; x < width; x = end)
            {
                var label = row[x];
                var length = row[x..].IndexOfAnyExcept(label);
                end = length < 0 ? width : x + length;
                if (label == Nothing)
                    continue;
                boxes[label] = areas[label] == 0 ? new Box(x, y, end, y + 1) : boxes[label].With(x, end, y);
                areas[label] += end - x;
            }
        }
        var found = new List<Region>();
        for (var label = 0; label < count; label++)
            if (areas[label] > 0)
                found.Add(new Region(found.Count, (ushort)label, areas[label], boxes[label]));
        return found;
    }
}
