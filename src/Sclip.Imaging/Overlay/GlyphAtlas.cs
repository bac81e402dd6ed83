using System.Globalization;
using System.Text;

namespace Sclip.Imaging.Overlay;

/// <summary>Characters drawn beforehand (DejaVu Sans): Latin, Greek and Cyrillic; any other is drawn as an empty box.</summary>
internal sealed class GlyphAtlas
{
    private const int CellSize = 40, Columns = 32;
    private const int Box = 0x25A1;

    private readonly RgbImage _image;
    private readonly Dictionary<int, (int Cell, int Advance)> _glyphs = [];

    private GlyphAtlas()
    {
        _image = ImageDecoder.Decode(Resource("glyphs.png"), ImageLimits.Default);
        foreach (var line in Encoding.ASCII.GetString(Resource("glyphs.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            _glyphs.Add(int.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), (_glyphs.Count, int.Parse(parts[1], CultureInfo.InvariantCulture)));
        }
    }

    public static Lazy<GlyphAtlas> Instance { get; } = new(() => new GlyphAtlas());

    /// <summary>Width in pixels of a text in lines of <paramref name="height"/> pixels.</summary>
    public int Measure(string text, int height) => (int)Math.Ceiling(text.EnumerateRunes().Sum(rune => Find(rune).Advance) * (double)height / CellSize);

    /// <summary>Draws a text, its line's top left at (x, y), in a colour blended by the glyphs' coverage.</summary>
    public void Draw(byte[] pixels, int width, int x, int y, string text, int height, (byte R, byte G, byte B) ink)
    {
        var scale = (double)CellSize / height;
        double left = x;
        foreach (var rune in text.EnumerateRunes())
        {
            var (cell, advance) = Find(rune);
            var (cellX, cellY) = (cell % Columns * CellSize, cell / Columns * CellSize);
            var end = left + advance / scale;
            for (var row = 0; row < height; row++)
                for (var column = (int)left; column < Math.Min(width, Math.Ceiling(end)); column++)
                    Blend(pixels.AsSpan(((y + row) * width + column) * 3, 3), ink, Coverage(cellX, cellY, (column - left) * scale, row * scale, scale, advance));
            left = end;
        }
    }

    /// <summary>Mean of the cell's pixels under one target pixel, 0..255.</summary>
    private int Coverage(int cellX, int cellY, double x, double y, double scale, int advance)
    {
        int sum = 0, count = 0;
        for (var row = (int)y; row < Math.Max(y + scale, (int)y + 1); row++)
            for (var column = (int)x; column < Math.Max(x + scale, (int)x + 1); column++, count++)
                if (row < CellSize && column >= 0 && column < advance)
                    sum += _image.Pixels[((cellY + row) * _image.Width + cellX + column) * 3];
        return sum / count;
    }

    private (int Cell, int Advance) Find(Rune rune) => _glyphs.TryGetValue(rune.Value, out var glyph) ? glyph : _glyphs[Box];

    private static void Blend(Span<byte> pixel, (byte R, byte G, byte B) ink, int coverage)
    {
        pixel[0] += (byte)((ink.R - pixel[0]) * coverage / 255);
        pixel[1] += (byte)((ink.G - pixel[1]) * coverage / 255);
        pixel[2] += (byte)((ink.B - pixel[2]) * coverage / 255);
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(GlyphAtlas).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
