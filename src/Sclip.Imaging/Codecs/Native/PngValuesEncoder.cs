using System.Runtime.InteropServices;
using Sclip.Contracts;

namespace Sclip.Imaging.Codecs.Native;

/// <summary>PNG of values, not of colours, by libspng.</summary>
internal static unsafe class PngValuesEncoder
{
    // Runs of one class compress as well at a low level as at a high one, and in a fraction of the time.
    private const int CompressionLevel = 3;

    public static byte[] Encode(ReadOnlySpan<ushort> values, int width, int height, IReadOnlyList<RgbColor>? palette)
    {
        var context = Spng.New(Spng.ContextEncoder);
        byte* png = null;
        try
        {
            var header = new Spng.Header
            {
                Width = (uint)width,
                Height = (uint)height,
                BitDepth = (byte)(palette is null ? 16 : 8),
                ColorType = palette is null ? Spng.ColorGrey : Spng.ColorPalette,
            };
            Check(Spng.SetOption(context, Spng.OptionEncodeToBuffer, 1));
            Check(Spng.SetOption(context, Spng.OptionCompressionLevel, CompressionLevel));
            // Indices are no intensities: differences between them mean nothing.
            Check(Spng.SetOption(context, Spng.OptionFilterChoice, Spng.FilterNone));
            Check(Spng.SetHeader(context, &header));
            if (palette is not null)
                SetPalette(context, palette);
            Check(Spng.EncodeImage(context, null, 0, Spng.FormatPng, Spng.EncodeProgressive | Spng.EncodeFinalize));
            var row = new byte[width];
            for (; values.Length > 0; values = values[width..])
            {
                var line = palette is null ? MemoryMarshal.AsBytes(values[..width]) : Narrow(values[..width], row);
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
