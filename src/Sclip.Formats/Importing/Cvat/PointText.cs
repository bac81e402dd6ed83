using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Regions;

namespace Sclip.Formats.Importing.Cvat;

/// <summary>The corners of a polygon as CVAT writes them: <c>x,y;x,y;…</c>.</summary>
internal static class PointText
{
    /// <exception cref="ImportException">It is none, or has fewer than three corners.</exception>
    public static Vertex[] Parse(string text, string where)
    {
        var ring = new List<Vertex>();
        foreach (var range in text.AsSpan().Split(';'))
        {
            var point = text.AsSpan()[range];
            var comma = point.IndexOf(',');
            ring.Add(comma >= 0 && Number(point[..comma], out var x) && Number(point[(comma + 1)..], out var y)
                ? new Vertex(x, y)
                : throw new ImportException($"{where}: point {ring.Count + 1} of a polygon is '{JobNames.Shown(point.ToString())}', and must be two numbers x,y."));
        }
        return ring.Count >= 3 ? [.. ring] : throw new ImportException($"{where}: a polygon has {ring.Count} points, and needs three.");
    }

    private static bool Number(ReadOnlySpan<char> text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
