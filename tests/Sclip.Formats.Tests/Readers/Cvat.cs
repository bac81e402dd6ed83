using System.Globalization;

namespace Sclip.Formats.Tests.Readers;

/// <summary>CVAT's masks.</summary>
internal static class Cvat
{
    /// <summary>The pixels of run lengths within bounds, row by row, the first outside.</summary>
    public static IEnumerable<int> Pixels(string rle, (int Left, int Top, int Width, int Height) box, int width)
    {
        var (position, inside) = (0, false);
        foreach (var count in rle.Split(", ").Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            for (var end = position + count; position < end; position++)
                if (inside)
                    yield return (box.Top + position / box.Width) * width + box.Left + position % box.Width;
            inside = !inside;
        }
        Assert.Equal(box.Width * box.Height, position);
    }
}
