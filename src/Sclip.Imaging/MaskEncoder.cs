using System.Runtime.InteropServices;
using Sclip.Contracts;
using Sclip.Imaging.Native;

namespace Sclip.Imaging;

/// <summary>Writes label maps as PNG: the class index of each pixel.</summary>
public static unsafe class MaskEncoder
{
    private const int MostPaletteColors = 256;

    // Runs of one class compress as well at a low level as at a high one, and in a fraction of the time.
    private const int CompressionLevel = 3;

    /// <summary>Writes a mask: up to 256 classes as a palette PNG of 8 bits in the classes' colours, more as a grey one of 16 bits.</summary>
    /// <param name="output">Where the file goes.</param>
    /// <param name="labelMap">Class index per pixel, <c>[height, width]</c>.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="palette">A colour a class.</param>
    /// <exception cref="ArgumentException">The labels are not of this size, or one has no colour in the palette.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static void Write(Stream output, ReadOnlySpan<ushort> labelMap, int width, int height, IReadOnlyList<RgbColor> palette)
    {
        if (labelMap.Length != (long)width * height)
            throw new ArgumentException($"{labelMap.Length} labels are no {width} x {height} pixels.");
        if (labelMap.ContainsAnyExceptInRange((ushort)0, (ushort)Math.Min(palette.Count - 1, ushort.MaxValue)))
            throw new ArgumentException($"A label lies outside the {palette.Count} classes.");
        fixed (ushort* labels = labelMap)
        {
            var address = (nint)labels;
            output.Write(NativeLibraries.Call(() => Encode((ushort*)address, width, height, palette)));
        }
    }

    private static byte[] Encode(ushort* labels, int width, int height, IReadOnlyList<RgbColor> palette)
    {
        var isPalette = palette.Count <= MostPaletteColors;
        var context = Spng.New(Spng.ContextEncoder);
        byte* png = null;
        try
        {
            var header = new Spng.Header
            {
                Width = (uint)width,
                Height = (uint)height,
                BitDepth = (byte)(isPalette ? 8 : 16),
                ColorType = isPalette ? Spng.ColorPalette : Spng.ColorGrey,
            };
            Check(Spng.SetOption(context, Spng.OptionEncodeToBuffer, 1));
            Check(Spng.SetOption(context, Spng.OptionCompressionLevel, CompressionLevel));
            // Indices are no intensities: differences between them mean nothing.
            Check(Spng.SetOption(context, Spng.OptionFilterChoice, Spng.FilterNone));
            Check(Spng.SetHeader(context, &header));
            if (isPalette)
                SetPalette(context, palette);
            Check(Spng.EncodeImage(context, null, 0, Spng.FormatPng, Spng.EncodeProgressive | Spng.EncodeFinalize));
            var row = new byte[width];
            for (var y = 0; y < height; y++, labels += width)
            {
                int code;
                if (isPalette)
                {
                    for (var x = 0; x < width; x++)
                        row[x] = (byte)labels[x];
                    fixed (byte* bytes = row)
                        code = Spng.EncodeRow(context, bytes, (nuint)width);
                }
                else
                {
                    code = Spng.EncodeRow(context, (byte*)labels, (nuint)width * sizeof(ushort));
                }
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
