namespace Sclip.Imaging.Tests.Written;

/// <summary>TGAs of every type, depth and corner that they start in, with the footer of the second version and without.</summary>
internal static class TgaFiles
{
    private const int PaletteType = 1, RgbType = 2, GreyType = 3, RunLengths = 8;
    private const byte FromTop = 0x20, FromRight = 0x10;

    public static IEnumerable<(string Name, WrittenPicture Picture)> All()
    {
        var (rgb, alpha, grey) = (Noise.Rgb(), Noise.Grey(255, 3), Noise.Grey(255, 4));
        var (five, palette) = (Noise.Rgb(31), Noise.Values(768, 255));
        int[] striped = [.. Enumerable.Range(0, 35).SelectMany(i => i % 7 < 4 ? [9, 80, i / 7] : new[] { i, 2 * i, 255 - i })];
        foreach (var (corner, origin) in ((string, byte)[])[("lower left", 0), ("upper left", FromTop), ("lower right", FromRight), ("upper right", FromTop | FromRight)])
        {
            byte[][] Pixels(int[] values, int channels) => [.. Ordered(values.Chunk(channels).Select(pixel => Bgr([.. pixel.Select(value => (byte)value)])), origin)];
            byte[][] words = [.. Ordered(five.Chunk(3).Select(color => BitConverter.GetBytes((ushort)(color[0] << 10 | color[1] << 5 | color[2]))), origin)];
            var shaded = Noise.Picture(five.Select(value => Noise.Spread(value, 31)));
            yield return ($"TGA 24 bits, {corner}", new(Write(RgbType, 24, origin, Pixels(rgb, 3)), Noise.Picture(rgb)));
            yield return ($"TGA 24 bits, run lengths, {corner}", new(Write(RgbType | RunLengths, 24, origin, Pixels(striped, 3)), Noise.Picture(striped)));
            yield return ($"TGA 32 bits, {corner}", new(Write(RgbType, 32, (byte)(origin | 8), Pixels(Noise.Join(rgb, alpha), 4)), Noise.OverWhite(rgb, alpha)));
            yield return ($"TGA 32 bits, run lengths, {corner}", new(Write(RgbType | RunLengths, 32, (byte)(origin | 8), Pixels(Noise.Join(striped, alpha), 4)), Noise.OverWhite(striped, alpha)));
            yield return ($"TGA 32 bits of which 8 are nothing, {corner}", new(Write(RgbType, 32, origin, Pixels(Noise.Join(rgb, alpha), 4)), Noise.Picture(rgb)));
            yield return ($"TGA 16 bits, {corner}", new(Write(RgbType, 16, origin, words), shaded, Tolerance: 1));
            yield return ($"TGA 16 bits, run lengths, {corner}", new(Write(RgbType | RunLengths, 16, origin, words), shaded, Tolerance: 1));
            yield return ($"TGA grey, {corner}", new(Write(GreyType, 8, origin, Pixels(grey, 1)), Noise.GreyPicture(grey)));
            yield return ($"TGA grey, run lengths, {corner}", new(Write(GreyType | RunLengths, 8, origin, Pixels([.. grey.Select((value, i) => i % 7 < 3 ? 50 : value)], 1)), Noise.GreyPicture(grey.Select((value, i) => i % 7 < 3 ? 50 : value))));
            yield return ($"TGA grey with alpha, {corner}", new(
                Write(GreyType, 16, (byte)(origin | 8), [.. Ordered(grey.Zip(alpha, (level, opacity) => new[] { (byte)level, (byte)opacity }), origin)]),
                Noise.OverWhite([.. grey.SelectMany(level => new[] { level, level, level })], alpha)));
            yield return ($"TGA palette, {corner}", new(Write(PaletteType, 8, origin, Pixels(grey, 1), palette), Noise.Picture(Noise.Look(palette, grey))));
            yield return ($"TGA palette, run lengths, {corner}", new(Write(PaletteType | RunLengths, 8, origin, Pixels(grey, 1), palette), Noise.Picture(Noise.Look(palette, grey))));
        }
        byte[][] plain = [.. Ordered(rgb.Chunk(3).Select(color => Bgr([.. color.Select(value => (byte)value)])), FromTop)];
        yield return ("TGA of the first version, with words before the picture", new(Write(RgbType, 24, FromTop, plain, footer: false, words: 21), Noise.Picture(rgb)));
    }

    public static IEnumerable<(string Name, byte[] File, string Mention)> Refused()
    {
        var file = Write(PaletteType, 8, FromTop, [.. Enumerable.Repeat<byte[]>([1], 35)], Noise.Values(768, 255));
        yield return ("TGA of a palette that starts later", With(file, 3, 10), "a palette that does not start with its first colour");
        yield return ("TGA of long palette indices", With(file, 16, 16), "palette indices of 16 bits");
        yield return ("TGA with a palette for others", With(With(file, 2, 2), 16, 24), "a palette beside its own colours");
        yield return ("TGA of too many pixels", With(With(Write(RgbType, 24, 0, [new byte[300]]), 13, 0xFF), 15, 0xFF), "more than the limit");
        // Of TGAs and others there is no sign but their headers.
        yield return ("an icon", [0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 104, 4, 0, 0, 22, 0, 0, 0], "the file is no picture");
        yield return ("a pointer's picture", [0, 0, 2, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 104, 4, 0, 0, 22, 0, 0, 0], "the file is no picture");
        yield return ("a film of MPEG", [0, 0, 1, 0xBA, 0x44, 0, 4, 0, 4, 1, 0, 4, 7, 0, 5, 0, 24, 0, 0, 0], "the file is no picture");
    }

    private static byte[] With(byte[] file, int at, byte value) => [.. file[..at], value, .. file[(at + 1)..]];

    private static byte[] Write(int type, byte bits, byte descriptor, byte[][] pixels, int[]? palette = null, bool footer = true, byte words = 0) =>
    [
        words, (byte)(palette is null ? 0 : 1), (byte)type, 0, 0, .. Short((palette ?? []).Length / 3), (byte)(palette is null ? 0 : 24), 0, 0, 0, 0, .. Short(Noise.Width), .. Short(Noise.Height), bits, descriptor,
        .. new byte[words], .. (palette ?? []).Chunk(3).SelectMany(color => Bgr([.. color.Select(value => (byte)value)])),
        .. (type & RunLengths) == 0 ? pixels.SelectMany(pixel => pixel) : pixels.Chunk(Noise.Width).SelectMany(Pack),
        .. footer ? [.. new byte[8], .. "TRUEVISION-XFILE.\0"u8] : Array.Empty<byte>(),
    ];

    /// <summary>A row in runs of pixels that are alike, and of one pixel where none are.</summary>
    private static IEnumerable<byte> Pack(byte[][] row)
    {
        for (var i = 0; i < row.Length;)
        {
            var count = row[i..].TakeWhile(pixel => pixel.AsSpan().SequenceEqual(row[i])).Count();
            foreach (var value in (byte[])[(byte)(count > 1 ? 0x80 | count - 1 : 0), .. row[i]])
                yield return value;
            i += count;
        }
    }

    /// <summary>Pixels in the order of the corner that they start in.</summary>
    private static IEnumerable<byte[]> Ordered(IEnumerable<byte[]> pixels, byte origin)
    {
        IEnumerable<byte[][]> rows = pixels.Chunk(Noise.Width);
        if ((origin & FromTop) == 0)
            rows = rows.Reverse();
        return rows.SelectMany(row => (origin & FromRight) == 0 ? row : row.Reverse());
    }

    private static byte[] Bgr(byte[] pixel) => pixel.Length < 3 ? pixel : [pixel[2], pixel[1], pixel[0], .. pixel[3..]];

    private static byte[] Short(int value) => BitConverter.GetBytes((ushort)value);
}
