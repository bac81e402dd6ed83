using System.Globalization;
using System.Text;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Regions;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Yolo;

/// <summary>
/// A YOLO label file: <c>class x y x y …</c> a line, in shares of width and height. As YOLO's tools have it, smaller regions lie over larger ones. A
/// line of five numbers is a box, which is no mask.
/// </summary>
internal static class YoloLabels
{
    private const int BoxNumbers = 5, FewestNumbers = 7;

    /// <summary>How many boxes a file has.</summary>
    public static long Boxes(byte[] file)
    {
        var boxes = 0L;
        foreach (var range in file.AsSpan().Split((byte)'\n'))
            if (Numbers(file.AsSpan()[range]) == BoxNumbers)
                boxes++;
        return boxes;
    }

    /// <summary>Paints the regions of a file.</summary>
    /// <exception cref="ImportException">A line is no region.</exception>
    public static void Paint(LabelMap map, byte[] file, string path, int classes)
    {
        var regions = new List<(ushort Label, Vertex[] Ring, double Area)>();
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n'))
        {
            number++;
            var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length is 0 or BoxNumbers)
                continue;
            var where = $"{path}, line {number}";
            if (parts.Length < FewestNumbers || parts.Length % 2 == 0)
                throw new ImportException($"{where}: {parts.Length} numbers; a region is a class and x y of three corners or more.");
            // Some writers have 0.0 for class 0.
            if (!double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var label) || label < 0 || label >= classes || label != Math.Floor(label))
                throw new ImportException($"{where}: class '{JobNames.Shown(parts[0])}' is none of 0 to {classes - 1}.");
            var ring = new Vertex[(parts.Length - 1) / 2];
            for (var i = 0; i < ring.Length; i++)
                ring[i] = new Vertex(Share(parts[2 * i + 1], where) * map.Width, Share(parts[2 * i + 2], where) * map.Height);
            regions.Add(((ushort)label, ring, Area(ring)));
        }
        foreach (var (label, ring, _) in regions.OrderByDescending(region => region.Area))
            PolygonFill.Paint(map, ring, label);
    }

    private static double Share(string text, string where) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && Math.Abs(share) <= 2
        ? share
        : throw new ImportException($"{where}: '{JobNames.Shown(text)}' is no share of the picture's size, which are from 0 to 1.");

    private static double Area(Vertex[] ring)
    {
        var doubled = 0.0;
        for (var i = 0; i < ring.Length; i++)
        {
            var (a, b) = (ring[i], ring[i + 1 < ring.Length ? i + 1 : 0]);
            doubled += a.X * b.Y - b.X * a.Y;
        }
        return Math.Abs(doubled);
    }

    private static int Numbers(ReadOnlySpan<byte> line)
    {
        var (count, isWithin) = (0, false);
        foreach (var letter in line)
        {
            var isSpace = letter is (byte)' ' or (byte)'\t' or (byte)'\r';
            count += !isSpace && !isWithin ? 1 : 0;
            isWithin = !isSpace;
        }
        return count;
    }
}
