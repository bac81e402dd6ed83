using System.Buffers.Binary;
using System.IO.Compression;
using Sclip.Imaging.Codecs;

namespace Sclip.Imaging.Tests.Written;

/// <summary>TIFFs of both byte orders, in one strip or several, of every kind of colours.</summary>
internal static class TiffFiles
{
    private const int Uncompressed = 1, Deflate = 8, OldDeflate = 32946, PackBits = 32773;
    private const int WhiteIsZero = 0, BlackIsZero = 1, Rgb = 2, Palette = 3;
    private const int ByteType = 1, ShortType = 3, LongType = 4;
    private const int OrientationTag = 274, RowsTag = 278, PlanesTag = 284, PredictorTag = 317, ColorMapTag = 320, TileWidthTag = 322, TileLengthTag = 323, ExtraTag = 338, FormatTag = 339;

    public static IEnumerable<(string Name, WrittenPicture Picture)> All() => Of(isLittle: true).Concat(Of(isLittle: false));

    /// <summary>A file of values of so many bits, grey or places in a palette.</summary>
    public static byte[] Values(bool isLittle, int[] values, int bits, bool isPalette)
    {
        byte[] packed = bits == 16 ? [.. values.SelectMany(value => Short(value, isLittle))] : [.. Noise.PackedRows(values, bits).SelectMany(row => row)];
        (int, int, int[])[] map = isPalette ? [(ColorMapTag, ShortType, Noise.Values(3 << bits, 65535))] : [];
        return Write(isLittle, [bits], isPalette ? Palette : BlackIsZero, [packed], Uncompressed, map);
    }

    /// <summary>A file of three bytes a pixel.</summary>
    public static byte[] Rgb8(int[] rgb) => Write(true, [8, 8, 8], Rgb, [Bytes(rgb)], Uncompressed, []);

    private static IEnumerable<(string Name, WrittenPicture Picture)> Of(bool isLittle)
    {
        var order = isLittle ? "little endian" : "big endian";
        byte[] Words(IEnumerable<int> values) => [.. values.SelectMany(value => Short(value, isLittle))];
        byte[] Write(int[] bits, int color, byte[][] strips, int compression = Uncompressed, params (int Tag, int Type, int[] Values)[] more) => TiffFiles.Write(isLittle, bits, color, strips, compression, more);
        int[] rgb = Noise.Rgb(), alpha = Noise.Grey(255, 3), wide = Noise.Rgb(65535, 4), wideAlpha = Noise.Grey(65535, 5);
        byte[] pixels = Bytes(rgb);
        var solid = Noise.Picture(rgb);
        int[] eight = [8, 8, 8], sixteen = [16, 16, 16];
        (int, int, int[]) twoRows = (RowsTag, LongType, [2]), predicted = (PredictorTag, ShortType, [2]), planes = (PlanesTag, ShortType, [2]);

        yield return ($"TIFF RGB, {order}", new(Write(eight, Rgb, [pixels]), solid));
        yield return ($"TIFF RGB in strips, {order}", new(Write(eight, Rgb, Strips(pixels, 42), Uncompressed, twoRows), solid));
        yield return ($"TIFF RGB in planes, {order}", new(Write(eight, Rgb, Planes(rgb, 3), Uncompressed, planes), solid));
        foreach (var compression in (int[])[Deflate, OldDeflate])
            yield return ($"TIFF RGB, deflate {compression}, {order}", new(Write(eight, Rgb, [.. Strips(pixels, 42).Select(Deflated)], compression, twoRows), solid));
        yield return ($"TIFF RGB, deflated differences, {order}", new(Write(eight, Rgb, [Deflated(Bytes(Differences(rgb, 255)))], Deflate, predicted), solid));
        yield return ($"TIFF RGB, pack bits, {order}", new(Write(eight, Rgb, [.. Strips(pixels, 42).Select(strip => (byte[])[(byte)(strip.Length - 1), .. strip])], PackBits, twoRows), solid));
        yield return ($"TIFF RGB with alpha, {order}", new(Write([8, 8, 8, 8], Rgb, [Bytes(Noise.Join(rgb, alpha))], Uncompressed, (ExtraTag, ShortType, [2])), Noise.OverWhite(rgb, alpha)));
        yield return ($"TIFF RGB and a fourth sample of which nothing is said, {order}", new(Write([8, 8, 8, 8], Rgb, [Bytes(Noise.Join(rgb, alpha))]), solid));
        int[] lit = [.. rgb.Select((value, i) => (value * alpha[i / 3] + 127) / 255)];
        yield return ($"TIFF RGB multiplied by its alpha, {order}", new(
            Write([8, 8, 8, 8], Rgb, [Bytes(Noise.Join(lit, alpha))], Uncompressed, (ExtraTag, ShortType, [1])), Noise.Picture(lit.Select((value, i) => value + 255 - alpha[i / 3])), Tolerance: 1));
        yield return ($"TIFF RGB of 16 bits, {order}", new(Write(sixteen, Rgb, [Words(wide)]), Noise.Picture(wide.Select(value => value >> 8))));
        yield return ($"TIFF RGB of 16 bits, deflated differences, {order}", new(Write(sixteen, Rgb, [Deflated(Words(Differences(wide, 65535)))], Deflate, predicted), Noise.Picture(wide.Select(value => value >> 8))));
        yield return ($"TIFF RGB of 16 bits in planes, {order}", new(Write(sixteen, Rgb, [.. Enumerable.Range(0, 3).Select(channel => Words(wide.Where((_, i) => i % 3 == channel)))], Uncompressed, planes), Noise.Picture(wide.Select(value => value >> 8))));
        yield return ($"TIFF RGB of 16 bits with alpha, {order}", new(
            Write([16, 16, 16, 16], Rgb, [Words(Noise.Join(wide, wideAlpha))], Uncompressed, (ExtraTag, ShortType, [2])), Noise.OverWhite([.. wide.Select(value => value >> 8)], [.. wideAlpha.Select(value => value >> 8)])));
        foreach (var bits in (int[])[1, 2, 4, 8, 10, 12, 14, 16])
            foreach (var color in (int[])[WhiteIsZero, BlackIsZero])
            {
                var (most, values) = ((1 << bits) - 1, Noise.Grey((1 << bits) - 1, bits));
                byte[] packed = bits == 16 ? Words(values) : [.. Noise.PackedRows(values, bits).SelectMany(row => row)];
                var levels = values.Select(value => color == WhiteIsZero ? most - value : value).Select(value => bits == 16 ? value >> 8 : Noise.Spread(value, most));
                yield return ($"TIFF grey of {bits} bits, {(color == WhiteIsZero ? "white" : "black")} is zero, {order}", new(Write([bits], color, [packed]), Noise.GreyPicture(levels), bits is 8 or 16 ? 0 : 1));
            }
        foreach (var bits in (int[])[1, 2, 4, 8])
        {
            var (map, indices) = (Noise.Values(3 << bits, 65535, bits), Noise.Grey((1 << bits) - 1));
            var colors = indices.SelectMany(index => Enumerable.Range(0, 3).Select(channel => map[(channel << bits) + index] >> 8));
            yield return ($"TIFF palette of {bits} bits, {order}", new(Write([bits], Palette, [[.. Noise.PackedRows(indices, bits).SelectMany(row => row)]], Uncompressed, (ColorMapTag, ShortType, map)), Noise.Picture(colors), Tolerance: 1));
        }
        for (var orientation = 1; orientation <= 8; orientation++)
            yield return ($"TIFF turned by {orientation}, {order}", new(Write(eight, Rgb, [pixels], Uncompressed, (OrientationTag, ShortType, [orientation])), Orientation.Upright(solid, orientation)));
        yield return ($"TIFF without rows a strip, {order}", new(Write(eight, Rgb, [pixels], Uncompressed, (RowsTag, LongType, [])), solid));
        yield return ($"TIFF of endless rows a strip, {order}", new(Write(eight, Rgb, [pixels], Uncompressed, (RowsTag, LongType, [-1])), solid));
        yield return ($"TIFF of two pages, {order}", new(WithPage(Write(eight, Rgb, [pixels]), isLittle, [0, 0]), solid));
        yield return ($"TIFF whose second page is damaged, {order}", new(WithPage(Write(eight, Rgb, [pixels]), isLittle, [0xFF, 0xFF]), solid));
    }

    public static IEnumerable<(string Name, byte[] File, string Mention)> Refused()
    {
        byte[] some = new byte[300];
        byte[] Write(int[] bits, int color, int compression = Uncompressed, params (int Tag, int Type, int[] Values)[] more) => TiffFiles.Write(true, bits, color, [some], compression, more);
        yield return ("TIFF in tiles", Write([8, 8, 8], Rgb, Uncompressed, (TileWidthTag, ShortType, [16]), (TileLengthTag, ShortType, [16])), "the TIFF has tiles instead of strips, which cannot be read here; save it as PNG or JPEG");
        yield return ("TIFF of inks", Write([8, 8, 8, 8], 5), "inks (CMYK)");
        yield return ("TIFF of YCbCr", Write([8, 8, 8], 6), "YCbCr colours");
        yield return ("TIFF of CIE Lab", Write([8, 8, 8], 8), "CIE Lab colours");
        foreach (var (compression, name) in ((int, string)[])[(2, "CCITT fax"), (4, "CCITT fax"), (6, "JPEG"), (7, "JPEG"), (34712, "JPEG 2000"), (50000, "Zstandard"), (50001, "WebP")])
            yield return ($"TIFF of compression {compression}", Write([8, 8, 8], Rgb, compression), $"{name} compression");
        yield return ("TIFF of an unknown compression", Write([8, 8, 8], Rgb, 4711), "compression 4711");
        yield return ("TIFF of grey and alpha", Write([8, 8], BlackIsZero, Uncompressed, (ExtraTag, ShortType, [2])), "transparency beside grey");
        yield return ("TIFF of a fourth channel", Write([8, 8, 8, 8], Rgb, Uncompressed, (ExtraTag, ShortType, [0])), "a fourth sample that is no transparency");
        yield return ("TIFF of fractions", Write([32], BlackIsZero, Uncompressed, (FormatTag, ShortType, [3])), "samples that are no whole numbers above zero");
        yield return ("TIFF of 32 bits", Write([32], BlackIsZero), "1 x 32 bits a pixel");
        yield return ("TIFF of different bits", Write([5, 6, 5], Rgb), "samples of different bits");
        yield return ("TIFF of reversed bits", Write([1], BlackIsZero, Uncompressed, (266, ShortType, [2])), "bits in reversed order");
        yield return ("TIFF without bits a sample", Write([], BlackIsZero), "no entry of its bits a sample");
        yield return ("TIFF without its palette", Write([8], Palette), "its palette is missing");
        yield return ("TIFF of too many pixels", Write([8, 8, 8], Rgb, Uncompressed, (256, LongType, [60000]), (257, LongType, [60000])), "60000 x 60000 pixels are more than the limit");
        yield return ("TIFF whose strip is short", TiffFiles.Write(true, [8, 8, 8], Rgb, [new byte[104]], Uncompressed, []), "it ends before its pixels");
        yield return ("TIFF of too few strips", Write([8, 8, 8], Rgb, Uncompressed, (RowsTag, LongType, [2])), "its strips do not fit its size");
        yield return ("TIFF of a strange type", Write([8, 8, 8], Rgb, Uncompressed, (256, 12, [7])), "entry 256 is of type 12");
        yield return ("BigTIFF", [.. "II+\0"u8, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0], "the file is a BigTIFF");
    }

    private static byte[] Write(bool isLittle, int[] bits, int color, byte[][] strips, int compression, (int Tag, int Type, int[] Values)[] more)
    {
        const int header = 8;
        var starts = strips.Select((_, i) => header + strips[..i].Sum(strip => strip.Length + strip.Length % 2)).ToArray();
        var entries = new SortedDictionary<int, (int Type, int[] Values)>
        {
            [256] = (LongType, [Noise.Width]),
            [257] = (LongType, [Noise.Height]),
            [258] = (ShortType, bits),
            [259] = (ShortType, [compression]),
            [262] = (ShortType, [color]),
            [273] = (LongType, starts),
            [277] = (ShortType, [Math.Max(1, bits.Length)]),
            [RowsTag] = (LongType, [Noise.Height]),
            [279] = (LongType, [.. strips.Select(strip => strip.Length)]),
        };
        foreach (var (tag, type, values) in more)
            entries[tag] = (type, values);
        var present = entries.Where(entry => entry.Value.Values.Length > 0).ToArray();
        byte[] before = [.. strips.SelectMany(strip => (byte[])[.. strip, .. new byte[strip.Length % 2]])];
        var (outside, directory) = (new List<byte>(), new List<byte>());
        foreach (var (tag, (type, values)) in present)
        {
            byte[] content = [.. values.SelectMany(value => type switch { ByteType => [(byte)value], ShortType => Short(value, isLittle), _ => Long(value, isLittle) })];
            directory.AddRange([.. Short(tag, isLittle), .. Short(type, isLittle), .. Long(values.Length, isLittle)]);
            directory.AddRange(content.Length <= 4 ? [.. content, .. new byte[4 - content.Length]] : Long(header + before.Length + outside.Count, isLittle));
            if (content.Length > 4)
                outside.AddRange([.. content, .. new byte[content.Length % 2]]);
        }
        return [.. isLittle ? "II*\0"u8 : "MM\0*"u8, .. Long(header + before.Length + outside.Count, isLittle), .. before, .. outside, .. Short(present.Length, isLittle), .. directory, 0, 0, 0, 0];
    }

    /// <summary>The directory, which stands last, told that another follows behind it.</summary>
    private static byte[] WithPage(byte[] file, bool isLittle, byte[] page) => [.. file[..^4], .. Long(file.Length, isLittle), .. page, 0, 0, 0, 0];

    private static byte[][] Strips(byte[] pixels, int bytes) => [.. pixels.Chunk(bytes)];

    private static byte[][] Planes(int[] values, int channels) => [.. Enumerable.Range(0, channels).Select(channel => Bytes(values.Where((_, i) => i % channels == channel)))];

    /// <summary>Each value less that of the same channel before it in its row.</summary>
    private static int[] Differences(int[] rgb, int mask) => [.. rgb.Select((value, i) => (i % (3 * Noise.Width) < 3 ? value : value - rgb[i - 3]) & mask)];

    private static byte[] Deflated(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionMode.Compress))
            stream.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Bytes(IEnumerable<int> values) => [.. values.Select(value => (byte)value)];

    private static byte[] Short(int value, bool isLittle)
    {
        var bytes = BitConverter.GetBytes((ushort)value);
        return isLittle ? bytes : [bytes[1], bytes[0]];
    }

    private static byte[] Long(int value, bool isLittle) => BitConverter.GetBytes(isLittle ? value : BinaryPrimitives.ReverseEndianness(value));
}
