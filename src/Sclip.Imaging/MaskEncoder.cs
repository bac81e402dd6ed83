using Sclip.Contracts;
using Sclip.Imaging.Codecs;

namespace Sclip.Imaging;

/// <summary>Writes label maps as PNG: the class index of each pixel.</summary>
public static class MaskEncoder
{
    private const int MostPaletteColors = 256;

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
        output.Write(Codec.EncodePngValues(labelMap, width, height, palette.Count <= MostPaletteColors ? palette : null));
    }
}
