using System.Text.Json.Nodes;

namespace Sclip.Formats.Tests.Readers;

/// <summary>COCO's segmentations.</summary>
internal static class Coco
{
    /// <summary>The pixels of a segmentation: compressed run lengths, or polygons.</summary>
    public static IEnumerable<int> Pixels(JsonNode segmentation, int width, int height)
    {
        if (segmentation is JsonArray polygons)
            return polygons.SelectMany(polygon => Polygon.Fill(Polygon.Points(polygon!.AsArray().Select(number => number!.GetValue<double>())), width, height));
        Assert.Equal([height, width], segmentation["size"]!.AsArray().Select(length => length!.GetValue<int>()));
        return Pixels(Counts(segmentation["counts"]!.GetValue<string>()), width, height);
    }

    /// <summary>The counts of a compressed string: groups of 5 bits with a bit for more, signed, from the fourth on relative to the one before the last.</summary>
    public static List<long> Counts(string text)
    {
        var counts = new List<long>();
        for (var i = 0; i < text.Length;)
        {
            long value = 0;
            var shift = 0;
            int group;
            do
            {
                group = text[i++] - 48;
                value |= (long)(group & 0x1f) << shift;
                shift += 5;
            }
            while ((group & 0x20) != 0);
            if ((group & 0x10) != 0)
                value |= -1L << shift;
            counts.Add(counts.Count > 2 ? value + counts[^2] : value);
        }
        return counts;
    }

    /// <summary>The pixels of counts that go column by column, the first outside.</summary>
    public static IEnumerable<int> Pixels(List<long> counts, int width, int height)
    {
        Assert.Equal((long)width * height, counts.Sum());
        Assert.All(counts.Skip(1), count => Assert.True(count > 0));
        long position = 0;
        foreach (var (index, count) in counts.Index())
            for (var end = position + count; position < end; position++)
                if ((index & 1) == 1)
                    yield return (int)(position % height * width + position / height);
    }
}
