using Sclip.Labels;

namespace Sclip.Formats.Regions;

/// <summary>Classes as wholes, where regions are not told apart.</summary>
internal static class ClassRegions
{
    /// <summary>Pixels and bounds of the classes that occur, by class.</summary>
    public static List<Region> Of(LabelMap map, int count)
    {
        var areas = new int[count];
        var boxes = new Box[count];
        for (var y = 0; y < map.Height; y++)
        {
            var row = map.Row(y);
            for (int x = 0, end; x < map.Width; x = end)
            {
                var label = row[x];
                var length = row[x..].IndexOfAnyExcept(label);
                end = length < 0 ? map.Width : x + length;
                if (label == LabelMap.Nothing)
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
