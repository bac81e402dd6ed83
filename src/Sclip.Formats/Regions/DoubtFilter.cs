using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Formats.Regions;

/// <summary>Turns what is too much in doubt to nothing: classes of a picture, and regions of it.</summary>
internal static class DoubtFilter
{
    private const double Unit = 255;

    /// <summary>Drops the classes whose doubt in a picture is greater than a limit.</summary>
    /// <returns>The pixels that became nothing.</returns>
    public static long DropClasses(LabelMap map, IReadOnlyList<LabelClass> classes, IReadOnlyDictionary<string, double> doubts, double most)
    {
        var before = Count(map);
        map.Keep([.. classes.Select(label => !(doubts.GetValueOrDefault(label.Name) > most))]);
        return before - Count(map);
    }

    /// <summary>Drops the regions whose mean doubt is greater than a limit.</summary>
    /// <param name="map">The labels.</param>
    /// <param name="doubts">The doubt of each pixel, <c>[height, width]</c>, 255 for 1.</param>
    /// <param name="most">The limit, 0..1.</param>
    /// <returns>The pixels that became nothing.</returns>
    public static long DropRegions(LabelMap map, ReadOnlySpan<ushort> doubts, double most)
    {
        var regions = RegionMap.Of(map, minArea: 1);
        var sums = new long[regions.Regions.Count];
        for (var i = 0; i < regions.Ids.Length; i++)
            if (regions.Ids[i] is var region && region != RegionMap.None)
                sums[region] += doubts[i];
        var dropped = 0L;
        for (var i = 0; i < regions.Ids.Length; i++)
            if (regions.Ids[i] is var region && region != RegionMap.None && sums[region] > most * Unit * regions.Regions[region].Area)
            {
                map.Labels[i] = LabelMap.Nothing;
                dropped++;
            }
        return dropped;
    }

    /// <summary>The pixels that have a class.</summary>
    public static long Count(LabelMap map)
    {
        var count = 0L;
        foreach (var label in map.Labels)
            count += label == LabelMap.Nothing ? 0 : 1;
        return count;
    }
}
