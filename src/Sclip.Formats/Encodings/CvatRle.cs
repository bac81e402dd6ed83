using System.Globalization;
using System.Text;
using Sclip.Formats.Regions;
using Sclip.Labels;

namespace Sclip.Formats.Encodings;

/// <summary>CVAT's run lengths: counts of pixels outside and inside in turn, row by row within the bounds, the first count outside.</summary>
internal static class CvatRle
{
    /// <summary>The <c>rle</c> of a region.</summary>
    public static string Encode(RegionMap map, Region region)
    {
        var text = new StringBuilder();
        var (inside, count) = (false, 0);
        for (var y = region.Box.Top; y < region.Box.Bottom; y++)
            foreach (var id in map.Ids.AsSpan(y * map.Width + region.Box.Left, region.Box.Width))
            {
                if (id == region.Index != inside)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{count}, ");
                    (inside, count) = (!inside, 0);
                }
                count++;
            }
        return text.Append(CultureInfo.InvariantCulture, $"{count}").ToString();
    }

    /// <summary>Gives the pixels inside a label.</summary>
    /// <param name="map">The picture.</param>
    /// <param name="rle">The run lengths.</param>
    /// <param name="box">Their bounds, within the picture.</param>
    /// <param name="label">The label.</param>
    /// <returns>What is wrong with the run lengths, as it goes on behind their name; null where nothing is.</returns>
    public static string? Paint(LabelMap map, ReadOnlySpan<char> rle, Box box, ushort label)
    {
        var pixels = (long)box.Width * box.Height;
        var (position, isInside) = (0L, false);
        foreach (var range in rle.Split(','))
        {
            if (!int.TryParse(rle[range], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count))
                return "must be whole numbers between commas";
            var end = position + count;
            if (end > pixels)
                return $"have more than the {pixels} pixels of its bounds";
            while (isInside && position < end)
            {
                var (y, x) = ((int)(position / box.Width), (int)(position % box.Width));
                var run = (int)Math.Min(end - position, box.Width - x);
                map.Labels.AsSpan((box.Top + y) * map.Width + box.Left + x, run).Fill(label);
                position += run;
            }
            (position, isInside) = (end, !isInside);
        }
        return position == pixels ? null : $"have {position} pixels, where its bounds have {pixels}";
    }
}
