using System.Globalization;
using System.Text;
using Sclip.Formats.Regions;

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
}
