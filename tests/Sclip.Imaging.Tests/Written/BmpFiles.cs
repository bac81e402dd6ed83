namespace Sclip.Imaging.Tests.Written;

/// <summary>BMPs of every header, depth and direction.</summary>
internal static class BmpFiles
{
    private const int Rle8 = 1, Rle4 = 2, BitFields = 3;

    public static IEnumerable<(string Name, WrittenPicture Picture)> All()
    {
        foreach (var bits in (int[])[1, 4, 8])
        {
            var (palette, indices) = (Noise.Values(3 << bits, 255, bits), Noise.Grey((1 << bits) - 1));
            var (rows, picture) = (Noise.PackedRows(indices, bits, unit: 4), Noise.Picture(Noise.Look(palette, indices)));
            yield return ($"BMP {bits} bits", new(Write(bits, BottomUp(rows), palette: Bgr(palette, 4)), picture));
            yield return ($"BMP {bits} bits, top down", new(Write(bits, rows, topDown: true, palette: Bgr(palette, 4)), picture));
            yield return ($"BMP {bits} bits, OS/2", new(Write(bits, BottomUp(rows), header: 12, palette: Bgr(palette, 3)), picture));
            yield return ($"BMP {bits} bits, version 5", new(Write(bits, BottomUp(rows), header: 124, palette: Bgr(palette, 4)), picture));
        }
        var (few, tens) = (Noise.Values(30, 255), Noise.Grey(9));
        yield return ("BMP 8 bits of 10 colours", new(Write(8, BottomUp(Noise.PackedRows(tens, 8, 4)), palette: Bgr(few, 4), colors: 10), Noise.Picture(Noise.Look(few, tens))));

        var (rgb, alpha) = (Noise.Rgb(), Noise.Grey(255, 3));
        var solid = Noise.Picture(rgb);
        byte[][] rows24 = Rows(rgb, 3, unit: 4), rows32 = Rows(Noise.Join(rgb, alpha), 4, unit: 4);
        yield return ("BMP 24 bits", new(Write(24, BottomUp(rows24)), solid));
        yield return ("BMP 24 bits, top down", new(Write(24, rows24, topDown: true), solid));
        yield return ("BMP 24 bits, OS/2", new(Write(24, BottomUp(rows24), header: 12), solid));
        yield return ("BMP 24 bits, OS/2 second version", new(Write(24, BottomUp(rows24), header: 64), solid));
        yield return ("BMP 32 bits without masks, the fourth byte anything", new(Write(32, BottomUp(rows32)), solid));
        yield return ("BMP 32 bits without masks, top down", new(Write(32, rows32, topDown: true), solid));
        yield return ("BMP 32 bits, masks without alpha", new(Write(32, BottomUp(rows32), compression: BitFields, masks: [0xFF0000, 0xFF00, 0xFF]), solid));
        foreach (var header in (int[])[56, 108, 124])
            yield return ($"BMP 32 bits with alpha, header of {header}", new(Write(32, BottomUp(rows32), header: header, compression: BitFields, masks: [0xFF0000, 0xFF00, 0xFF, 0xFF000000]), Noise.OverWhite(rgb, alpha)));
        yield return ("BMP 32 bits, masks of a later header without alpha", new(Write(32, BottomUp(rows32), header: 124, compression: BitFields, masks: [0xFF0000, 0xFF00, 0xFF, 0]), solid));

        var five = Noise.Rgb(31);
        var words = five.Chunk(3).Select(color => color[0] << 10 | color[1] << 5 | color[2]).ToArray();
        yield return ("BMP 16 bits, 5 each", new(Write(16, BottomUp(Words(words))), Noise.Picture(five.Select(value => Noise.Spread(value, 31))), Tolerance: 1));
        var six = Noise.Grey(63);
        words = [.. five.Chunk(3).Zip(six, (color, green) => color[0] << 11 | green << 5 | color[2])];
        yield return ("BMP 16 bits, 5, 6 and 5", new(
            Write(16, BottomUp(Words(words)), compression: BitFields, masks: [0xF800, 0x7E0, 0x1F]),
            Noise.Picture(five.Select((value, i) => i % 3 == 1 ? Noise.Spread(six[i / 3], 63) : Noise.Spread(value, 31))), Tolerance: 1));

        var (colors, numbers) = (Noise.Values(768, 255), Noise.Grey(255));
        byte[] literal = [.. numbers.Chunk(7).Reverse().SelectMany(row => (byte[])[0, 7, .. row.Select(value => (byte)value), 0, 0, 0]), 0, 1];
        yield return ("BMP run lengths, all written out", new(Write(8, [literal], compression: Rle8, palette: Bgr(colors, 4)), Noise.Picture(Noise.Look(colors, numbers))));
        // Runs of the index that is the row's number from below; the third row skips two pixels, which have the palette's first colour.
        byte[] runs = [7, 1, 0, 0, 7, 2, 0, 0, 0, 2, 2, 0, 5, 3, 0, 0, 7, 4, 0, 0, 7, 5, 0, 1];
        yield return ("BMP run lengths with a skip", new(Write(8, [runs], compression: Rle8, palette: Bgr(colors, 4)), Noise.Picture(Noise.Look(colors, [.. Enumerable.Range(0, 35).Select(i => i is 14 or 15 ? 0 : 5 - i / 7)]))));
        byte[] pairs = [.. Enumerable.Repeat<byte[]>([7, 0x3A, 0, 0], 5).SelectMany(row => row), 0, 1];
        yield return ("BMP run lengths of 4 bits", new(Write(4, [pairs], compression: Rle4, palette: Bgr(colors, 4)[..64]), Noise.Picture(Noise.Look(colors, [.. Enumerable.Range(0, 35).Select(i => i % 7 % 2 == 0 ? 3 : 10)]))));
    }

    public static IEnumerable<(string Name, byte[] File, string Mention)> Refused()
    {
        yield return ("BMP with a JPEG inside", Write(0, [[0xFF, 0xD8, 0xFF]], compression: 4), "a JPEG inside");
        yield return ("BMP with a PNG inside", Write(0, [[0x89]], compression: 5), "a PNG inside");
        yield return ("BMP of OS/2's compression", Write(24, [new byte[200]], header: 64, compression: 4), "a compression of OS/2");
        yield return ("BMP of 64 bits", Write(64, [new byte[400]]), "64 bits a pixel");
        yield return ("BMP of too many pixels", Write(24, [new byte[400]], width: 60000, height: 60000), "60000 x 60000 pixels are more than the limit");
        yield return ("BMP of the least height", Write(24, [new byte[400]], height: int.MinValue), "more than the limit");
        yield return ("BMP of no height", Write(24, [new byte[400]], height: 0), "nothing to see");
        yield return ("text that begins as a BMP", [.. "BMW and other makes of cars, a list of them"u8], "the BMP is truncated or damaged");
    }

    private static byte[] Write(int bits, byte[][] rows, int header = 40, int compression = 0, bool topDown = false, byte[]? palette = null, uint[]? masks = null, int colors = 0, int width = Noise.Width, int height = Noise.Height)
    {
        byte[] maskBytes = [.. (masks ?? []).SelectMany(BitConverter.GetBytes)];
        byte[] info = header == 12
            ? [.. Int(12), .. Short(width), .. Short(height), .. Short(1), .. Short(bits)]
            : [.. Int(header), .. Int(width), .. Int(topDown ? -height : height), .. Short(1), .. Short(bits), .. Int(compression), .. Int(0), .. Int(2835), .. Int(2835), .. Int(colors), .. Int(0), .. maskBytes];
        if (header > 40)
            Array.Resize(ref info, header);
        byte[] before = [.. info, .. palette ?? []], pixels = [.. rows.SelectMany(row => row)];
        return [.. "BM"u8, .. Int(14 + before.Length + pixels.Length), .. Int(0), .. Int(14 + before.Length), .. before, .. pixels];
    }

    private static byte[][] BottomUp(byte[][] rows) => [.. rows.Reverse()];

    /// <summary>Colours as BMP has them: blue first, and a byte of nothing where there are four.</summary>
    private static byte[] Bgr(int[] rgb, int bytes) => [.. rgb.Chunk(3).SelectMany(color => new[] { (byte)color[2], (byte)color[1], (byte)color[0], (byte)0 }[..bytes])];

    private static byte[][] Rows(int[] values, int channels, int unit) =>
        [.. values.Chunk(channels * Noise.Width).Select(row => Padded([.. row.Chunk(channels).SelectMany(pixel => (byte[])[(byte)pixel[2], (byte)pixel[1], (byte)pixel[0], .. pixel[3..].Select(value => (byte)value)])], unit))];

    private static byte[][] Words(int[] words) => [.. words.Chunk(Noise.Width).Select(row => Padded([.. row.SelectMany(Short)], 4))];

    private static byte[] Padded(byte[] row, int unit) => [.. row, .. new byte[(unit - row.Length % unit) % unit]];

    private static byte[] Int(int value) => BitConverter.GetBytes(value);

    private static byte[] Short(int value) => BitConverter.GetBytes((ushort)value);
}
