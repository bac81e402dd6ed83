using System.Runtime.InteropServices;
using Sclip.Contracts;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>PNG of values, not of colours, by libspng.</summary>
internal static unsafe class PngValuesEncoder
{
    // Runs of one class compress as well at a low level as at a high one, and in a fraction of the time.
    private const int CompressionLevel = 3;

    private delegate ReadOnlySpan<byte> RowBytes<T>(ReadOnlySpan<T> row, byte[] buffer);

    /// <summary>Values below 256 with a palette of 8 bits, or others without one of 16.</summary>
    public static byte[] Encode(ReadOnlySpan<ushort> values, int width, int height, IReadOnlyList<RgbColor>? palette) => palette is null
        ? Encode(values, width, height, 16, Spng.ColorGrey, null, (row, _) => MemoryMarshal.AsBytes(row))
        : Encode(values, width, height, 8, Spng.ColorPalette, palette, Narrow);

    /// <summary>Bytes of one channel, or of three side by side.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> bytes, int width, int height, int channels) =>
        Encode(bytes, width, height, 8, channels == 1 ? Spng.ColorGrey : Spng.ColorRgb, null, (row, _) => row);

    private static byte[] Encode<T>(ReadOnlySpan<T> values, int width, int height, byte bitDepth, byte colorType, IReadOnlyList<RgbColor>? palette, RowBytes<T> bytesOf)
    {
        var context = Spng.New(Spng.ContextEncoder);
        byte* png = null;
        try
        {
            var header = new Spng.Header { Width = (uint)width, Height = (uint)height, BitDepth = bitDepth, ColorType = colorType };
            Check(Spng.SetOption(context, Spng.OptionEncodeToBuffer, 1));
            Check(Spng.SetOption(context, Spng.OptionCompressionLevel, CompressionLevel));
            // Indices are no intensities: differences between them mean nothing.
            Check(Spng.SetOption(context, Spng.OptionFilterChoice, Spng.FilterNone));
            Check(Spng.SetHeader(context, &header));
            if (palette is not null)
                SetPalette(context, palette);
            Check(Spng.EncodeImage(context, null, 0, Spng.FormatPng, Spng.EncodeProgressive | Spng.EncodeFinalize));
            var (row, stride) = (new byte[width], values.Length / height);
            for (; values.Length > 0; values = values[stride..])
            {
                var line = bytesOf(values[..stride], row);
                int code;
                fixed (byte* bytes = line)
                    code = Spng.EncodeRow(context, bytes, (nuint)line.Length);
                if (code != Spng.EndOfImage)
                    Check(code);
            }
            nuint size;
            int error;
            png = Spng.GetPngBuffer(context, &size, &error);
            Check(error);
            return new ReadOnlySpan<byte>(png, checked((int)size)).ToArray();
        }
        finally
        {
            Spng.Free(context);
            NativeMemory.Free(png);
        }
    }

    private static ReadOnlySpan<byte> Narrow(ReadOnlySpan<ushort> values, byte[] row)
    {
        for (var x = 0; x < values.Length; x++)
            row[x] = (byte)values[x];
        return row;
    }

    private static void SetPalette(nint context, IReadOnlyList<RgbColor> colors)
    {
        var palette = new Spng.Palette { Count = (uint)colors.Count };
        for (var i = 0; i < colors.Count; i++)
            (palette.Entries[i * 4], palette.Entries[i * 4 + 1], palette.Entries[i * 4 + 2]) = (colors[i].R, colors[i].G, colors[i].B);
        Check(Spng.SetPalette(context, &palette));
    }

    private static void Check(int code)
    {
        if (code != 0)
            throw new InvalidOperationException($"The mask cannot be encoded: {Spng.ErrorOf(code)}.");
    }
}
