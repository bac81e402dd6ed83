using Sclip.Contracts;
using Sclip.Imaging.Overlay;

namespace Sclip.Evaluation.Reports;

/// <summary>A white sheet for heat maps and texts; its pixels are indices of <see cref="Palette"/>: heats, then dark ink on paper, then light ink on the darkest heats.</summary>
internal sealed class InkCanvas
{
    private const int Heats = 128, Inks = 64, Paper = Heats;

    // Thin ink is left out; on a heat more of it, since inks are blended with paper and would stand there in a pale rim.
    private const int LeastOnPaper = 24, LeastOnHeat = 110;

    // From paper to a dark blue by way of a light one; dark enough that the diagonal stands out, and told apart without colour vision.
    private static readonly (double R, double G, double B)[] Ramp = [(247, 249, 252), (158, 197, 232), (61, 126, 191), (12, 44, 110)];

    /// <summary>Creates a sheet of a size in pixels.</summary>
    public InkCanvas(int width, int height)
    {
        (Width, Height, Pixels) = (width, height, new ushort[width * height]);
        Array.Fill(Pixels, (ushort)Paper);
    }

    /// <summary>The colours.</summary>
    public static IReadOnlyList<RgbColor> Palette { get; } =
    [
        .. Enumerable.Range(0, Heats).Select(i => HeatColor(i / (Heats - 1.0))),
        .. Enumerable.Range(0, Inks).Select(i => Blend((255, 255, 255), (28, 30, 36), i / (Inks - 1.0))),
        .. Enumerable.Range(0, Inks).Select(i => Blend(Ramp[2], (255, 255, 255), i / (Inks - 1.0))),
    ];

    public int Width { get; }

    public int Height { get; }

    public ushort[] Pixels { get; }

    public static int Measure(string text, int height) => TextCoverage.Measure(text, height);

    /// <summary>A text that is cut, with dots, where it is longer than <paramref name="most"/> pixels.</summary>
    public static string Shorten(string text, int height, int most)
    {
        var cut = text;
        for (var length = text.Length; Measure(cut, height) > most && length > 1;)
            cut = $"{text.AsSpan(0, --length)}…";
        return cut;
    }

    /// <summary>A square of a heat of 0..1, with a line of paper around it.</summary>
    public void Heat(int x, int y, int side, double heat)
    {
        var index = (ushort)Math.Round(Math.Clamp(heat, 0, 1) * (Heats - 1));
        for (var row = y; row < y + side - 1; row++)
            Pixels.AsSpan(row * Width + x, side - 1).Fill(index);
    }

    /// <summary>A text from (x, y), its line's top left.</summary>
    public void Text(string text, int height, int x, int y) => Ink(text, height, Paper, LeastOnPaper, (column, row) => (x + column, y + row));

    /// <summary>A text on a heat, light where that is dark.</summary>
    public void TextOnHeat(string text, int height, int x, int y, bool light) =>
        Ink(text, height, light ? Heats + Inks : Paper, light ? LeastOnPaper : LeastOnHeat, (column, row) => (x + column, y + row));

    /// <summary>A text that reads upwards, its beginning's left at (x, bottom).</summary>
    public void TextUpwards(string text, int height, int x, int bottom) =>
        Ink(text, height, Paper, LeastOnPaper, (column, row) => (x + row, bottom - 1 - column));

    private static RgbColor HeatColor(double heat)
    {
        var place = heat * (Ramp.Length - 1);
        var from = Math.Min((int)place, Ramp.Length - 2);
        return Blend(Ramp[from], Ramp[from + 1], place - from);
    }

    private static RgbColor Blend((double R, double G, double B) from, (double R, double G, double B) to, double share) =>
        new((byte)(from.R + (to.R - from.R) * share), (byte)(from.G + (to.G - from.G) * share), (byte)(from.B + (to.B - from.B) * share));

    private void Ink(string text, int height, int first, int least, Func<int, int, (int X, int Y)> place)
    {
        var (coverage, width) = TextCoverage.Draw(text, height);
        for (var i = 0; i < coverage.Length; i++)
        {
            var (x, y) = place(i % width, i / width);
            if (coverage[i] > least && x >= 0 && x < Width && y >= 0 && y < Height)
                Pixels[y * Width + x] = (ushort)(first + coverage[i] * (Inks - 1) / 255);
        }
    }
}
