namespace Sclip.Imaging.Tests.Written;

/// <summary>Values that are the same in every run, for pictures of 7 x 5 pixels: rows that fill no whole number of bytes, words or anything else.</summary>
internal static class Noise
{
    public const int Width = 7, Height = 5;

    public static int[] Values(int count, int most, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(most + 1))];
    }

    /// <summary>A value a pixel.</summary>
    public static int[] Grey(int most, int seed = 1) => Values(Width * Height, most, seed);

    /// <summary>Three values a pixel.</summary>
    public static int[] Rgb(int most = 255, int seed = 2) => Values(Width * Height * 3, most, seed);

    public static RgbImage Picture(IEnumerable<int> rgb) => new(Width, Height, [.. rgb.Select(value => (byte)value)]);

    public static RgbImage GreyPicture(IEnumerable<int> levels) => Picture(levels.SelectMany(level => new[] { level, level, level }));

    /// <summary>What is seen of colours over white.</summary>
    public static RgbImage OverWhite(int[] rgb, int[] alpha) =>
        Picture(rgb.Select((value, i) => (value * alpha[i / 3] + 255 * (255 - alpha[i / 3]) + 127) / 255));

    /// <summary>Each pixel's colour in a palette of three values a colour.</summary>
    public static int[] Look(int[] palette, int[] indices) => [.. indices.SelectMany(index => palette[(3 * index)..(3 * index + 3)])];

    /// <summary>A level of fewer bits, or of another greatest value, spread over 0 to 255.</summary>
    public static int Spread(int value, int most) => (int)Math.Round(value * 255.0 / most);

    /// <summary>Three values a pixel and a fourth, side by side.</summary>
    public static int[] Join(int[] rgb, int[] fourth) => [.. rgb.Chunk(3).Zip(fourth, (color, value) => color.Append(value)).SelectMany(pixel => pixel)];

    /// <summary>Rows of values of so many bits, the first in the highest, each row in whole units of bytes.</summary>
    public static byte[][] PackedRows(int[] values, int bits, int unit = 1, int perRow = Width) => [.. values.Chunk(perRow).Select(row =>
    {
        var bytes = new byte[(row.Length * bits + unit * 8 - 1) / (unit * 8) * unit];
        for (var i = 0; i < row.Length * bits; i++)
            if ((row[i / bits] >> bits - 1 - i % bits & 1) != 0)
                bytes[i / 8] |= (byte)(0x80 >> i % 8);
        return bytes;
    })];
}
