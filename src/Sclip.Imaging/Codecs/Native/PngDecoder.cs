namespace Sclip.Imaging.Codecs.Native;

/// <summary>PNG by libspng: every colour type and depth, interlaced or not.</summary>
internal static unsafe class PngDecoder
{
    private const int LargestChunk = 256 << 20;

    private delegate T Reader<T>(nint context, Spng.Header header);

    public static DecodedPixels Decode(ReadOnlySpan<byte> file, ImageLimits limits) => Open(file, limits, (context, header) =>
    {
        var (width, height) = ((int)header.Width, (int)header.Height);
        var transparency = stackalloc byte[1024];
        var hasAlpha = (header.ColorType & Spng.ColorAlphaBit) != 0 || Spng.GetTransparency(context, transparency) == 0;
        return new DecodedPixels(width, height, hasAlpha ? 4 : 3, DecodeAs(context, hasAlpha ? Spng.FormatRgba8 : Spng.FormatRgb8));
    });

    /// <summary>The values of a palette or grey PNG of 1, 2, 4, 8 or 16 bits, as they are stored.</summary>
    public static (ushort[] Values, int Width, int Height) DecodeValues(ReadOnlySpan<byte> file, ImageLimits limits) => Open(file, limits, (context, header) =>
    {
        if (header.ColorType is not (Spng.ColorGrey or Spng.ColorPalette))
            throw Refusal.NoMask(header.ColorType, header.BitDepth);
        var raw = DecodeAs(context, Spng.FormatPng);
        var values = new ushort[header.Width * header.Height];
        if (header.BitDepth == 16)
            Buffer.BlockCopy(raw, 0, values, 0, raw.Length);
        else if (header.BitDepth == 8)
            for (var i = 0; i < values.Length; i++)
                values[i] = raw[i];
        else
            Unpack(raw, values, (int)header.Width, header.BitDepth);
        return (values, (int)header.Width, (int)header.Height);
    });

    /// <summary>Values of less than 8 bits: several a byte, the first in its highest bits; each row begins with a byte of its own.</summary>
    private static void Unpack(byte[] raw, ushort[] values, int width, int depth)
    {
        var (rowBytes, most) = ((width * depth + 7) / 8, (1 << depth) - 1);
        for (int row = 0, i = 0; i < values.Length; row += rowBytes)
            for (var bit = 0; bit < width * depth; bit += depth)
                values[i++] = (ushort)(raw[row + bit / 8] >> 8 - depth - bit % 8 & most);
    }

    private static T Open<T>(ReadOnlySpan<byte> file, ImageLimits limits, Reader<T> read)
    {
        // The library refuses a whole picture whose EXIF it does not like, which it is not asked for.
        if (ExifOrientation.PngChunk(file) is var (start, end) && end > start)
            file = (byte[])[.. file[..start], .. file[end..]];
        var context = Spng.New(0);
        try
        {
            fixed (byte* png = file)
            {
                Spng.Header header;
                Check(Spng.SetImageLimits(context, int.MaxValue, int.MaxValue));
                Check(Spng.SetChunkLimits(context, LargestChunk, LargestChunk));
                Check(Spng.SetPngBuffer(context, png, (nuint)file.Length));
                Check(Spng.GetHeader(context, &header));
                limits.Check(header.Width, header.Height);
                return read(context, header);
            }
        }
        finally
        {
            Spng.Free(context);
        }
    }

    private static byte[] DecodeAs(nint context, int format)
    {
        nuint size;
        Check(Spng.DecodedSize(context, format, &size));
        var pixels = GC.AllocateUninitializedArray<byte>(checked((int)size));
        fixed (byte* target = pixels)
            Check(Spng.DecodeImage(context, target, size, format, Spng.DecodeTransparency));
        return pixels;
    }

    private static void Check(int code)
    {
        if (code != 0)
            throw Refusal.Damaged("PNG", Spng.ErrorOf(code));
    }
}
