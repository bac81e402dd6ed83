using System.Globalization;

namespace Sclip.Formats.Tests.Readers;

/// <summary>Fills polygons by the even-odd rule at the centres of pixels.</summary>
internal static class Polygon
{
    /// <summary>The pixels inside, as <c>y * width + x</c>.</summary>
    public static IEnumerable<int> Fill(IReadOnlyList<(double X, double Y)> points, int width, int height)
    {
        for (var y = 0; y < height; y++)
        {
            var crossings = new List<double>();
            for (var i = 0; i < points.Count; i++)
            {
                var ((ax, ay), (bx, by)) = (points[i], points[(i + 1) % points.Count]);
                if (ay <= y + 0.5 != by <= y + 0.5)
                    crossings.Add(ax + (y + 0.5 - ay) / (by - ay) * (bx - ax));
            }
            for (var x = 0; x < width; x++)
                if ((crossings.Count(crossing => crossing > x + 0.5) & 1) == 1)
                    yield return y * width + x;
        }
    }

    /// <summary>Points of numbers that alternate, x first.</summary>
    public static List<(double X, double Y)> Points(IEnumerable<double> numbers, double scaleX = 1, double scaleY = 1) => [.. numbers.Chunk(2).Select(pair => (pair[0] * scaleX, pair[1] * scaleY))];

    public static IEnumerable<double> Numbers(string text, params char[] separators) => text.Split(separators).Select(number => double.Parse(number, CultureInfo.InvariantCulture));
}
