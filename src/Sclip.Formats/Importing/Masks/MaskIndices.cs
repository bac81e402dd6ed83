using System.Runtime.InteropServices;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Masks;

/// <summary>Reads masks whose pixels are class indices, as grey, palette or three equal channels: 255 is none up to 255 classes, 65535 always.</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="options">Colours that mean none, and limits.</param>
internal sealed class MaskIndices(int classes, ImportOptions options)
{
    private const int ByteNothing = byte.MaxValue;

    /// <summary>The indices that are stored, before they are looked at; null where the file's pixels are colours.</summary>
    /// <exception cref="ImportException">It is no mask, or damaged.</exception>
    public static (ushort[]? Labels, int Width, int Height, RgbImage? Colors) Decode(byte[] file, string path, ImageLimits limits)
    {
        return Decoded<(ushort[]?, int, int, RgbImage?)>(path, () =>
        {
            if (MaskDecoder.HoldsColors(file))
                return MaskDecoder.ReadColorsOrIndices(file, limits) is var (colors, indices) ? (indices, colors.Width, colors.Height, colors) : default;
            var (labels, width, height) = MaskDecoder.Read(file, limits);
            return (labels, width, height, null);
        });
    }

    /// <summary>The colours of a file, whether its pixels are colours or have them by a palette.</summary>
    /// <exception cref="ImportException">It is no mask, or damaged, or of a kind that has none.</exception>
    public static RgbImage ColorsOf(byte[] file, string path, ImageLimits limits) => Decoded(path, () => MaskDecoder.ReadColors(file, limits));

    /// <summary>Makes a label map of indices.</summary>
    /// <param name="file">The file.</param>
    /// <param name="decoded">What it was decoded to.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="ImportException">A value is that of no class.</exception>
    public LabelMap Finish(byte[] file, (ushort[]? Labels, int Width, int Height, RgbImage? Colors) decoded, string path)
    {
        var map = new LabelMap(decoded.Labels!, decoded.Width, decoded.Height);
        if (options.VoidColors.Count > 0)
            ClearVoid(map, decoded.Colors ?? ColorsOf(file, path, options.Limits));
        Check(map, path);
        return map;
    }

    /// <summary>Makes the values that mean none nothing, and refuses those of no class.</summary>
    /// <exception cref="ImportException">A value is that of no class.</exception>
    public void Check(LabelMap map, string path)
    {
        var nothing = classes <= ByteNothing ? ByteNothing : LabelMap.Nothing;
        var labels = map.Labels;
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] >= classes && labels[i] != LabelMap.Nothing)
                labels[i] = labels[i] == nothing ? LabelMap.Nothing : throw Stranger(i % map.Width, i / map.Width, labels[i], path);
    }

    /// <summary>A value that is that of no class.</summary>
    public ImportException Stranger(int x, int y, long value, string path) =>
        new($"{path}: pixel ({x}, {y}) is {value}, and the {classes} classes have indices 0 to {classes - 1}{(classes <= ByteNothing ? $", {ByteNothing} being none" : "")}. Give the classes of these masks by --labels.");

    private static T Decoded<T>(string path, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (ImageDecodeException error)
        {
            throw new ImportException($"{path}: {error.Message}", error);
        }
    }

    private void ClearVoid(LabelMap map, RgbImage colors)
    {
        var pixels = MemoryMarshal.Cast<byte, RgbColor>(colors.Pixels);
        for (var i = 0; i < pixels.Length; i++)
            if (options.VoidColors.Contains(pixels[i]))
                map.Labels[i] = LabelMap.Nothing;
    }
}
