using System.Globalization;
using Sclip.Labels;

namespace Sclip.Formats.Encodings;

/// <summary>Reads COCO's run lengths, as <see cref="CocoRle"/> writes them, and those that are not compressed.</summary>
internal static class CocoRuns
{
    /// <summary>What is said of a text that cannot be counts.</summary>
    public const string NoText = "hold what is no count of pixels.";

    private const int Bits = 5, MostBits = 40;

    /// <summary>The counts of a compressed text; the last is negative where it is damaged.</summary>
    public static IEnumerable<long> Decode(byte[] text)
    {
        var (number, last, beforeLast) = (0L, 0L, 0L);
        for (var i = 0; i < text.Length; number++)
        {
            var (value, shift, group) = (0L, 0, 32);
            for (; (group & 32) != 0; shift += Bits)
            {
                group = i < text.Length && shift <= MostBits ? text[i++] - '0' : -1;
                if (group is < 0 or > 63)
                {
                    yield return -1;
                    yield break;
                }
                value |= (long)(group & 31) << shift;
            }
            // The highest bit of the last group is the sign.
            if ((group & 16) != 0)
                value |= -1L << shift;
            if (number > 2)
                value += beforeLast;
            (beforeLast, last) = (last, value);
            yield return value;
        }
    }

    /// <summary>Gives pixels a label: counts of pixels outside and inside in turn, column by column, the first outside; all of them together are the picture.</summary>
    /// <returns>What is wrong with the counts, as it stands behind them in a sentence; null where nothing is.</returns>
    public static string? Paint(LabelMap map, IEnumerable<long> counts, ushort label)
    {
        var (labels, width, height) = (map.Labels, map.Width, map.Height);
        var (position, isInside) = (0L, false);
        foreach (var count in counts)
        {
            if (count < 0)
                return NoText;
            if (count > labels.LongLength - position)
                return string.Create(CultureInfo.InvariantCulture, $"are of more than the picture's {labels.LongLength} pixels.");
            if (isInside)
            {
                var (x, y) = ((int)(position / height), (int)(position % height));
                for (var left = count; left > 0; left--)
                {
                    labels[y * width + x] = label;
                    if (++y == height)
                        (x, y) = (x + 1, 0);
                }
            }
            (position, isInside) = (position + count, !isInside);
        }
        return position == labels.LongLength ? null : string.Create(CultureInfo.InvariantCulture, $"are of {position} pixels, and the picture has {labels.LongLength}: they are cut off.");
    }
}
