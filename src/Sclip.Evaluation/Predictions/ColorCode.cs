using System.Runtime.InteropServices;
using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Evaluation.Predictions;

/// <summary>Reads masks whose pixels are the classes' colours.</summary>
public sealed class ColorCode
{
    private readonly Dictionary<RgbColor, ushort> _labels = [];

    /// <summary>Takes the classes' colours; the ignored label has Pascal VOC's of its number.</summary>
    /// <param name="classes">The classes; one without a colour has Pascal VOC's.</param>
    /// <param name="ignore">The label that does not count.</param>
    /// <exception cref="EvaluationException">Two classes have the same colour.</exception>
    public ColorCode(IReadOnlyList<LabelClass> classes, int? ignore)
    {
        var colors = Palette.Of(classes);
        for (var i = 0; i < colors.Length; i++)
            if (!_labels.TryAdd(colors[i], (ushort)i))
                throw new EvaluationException($"'{classes[_labels[colors[i]]].Name}' and '{classes[i].Name}' have the same colour {colors[i]}: masks cannot be read by their colours.");
        if (ignore is >= 0 and < 256)
            _labels.TryAdd(Palette.PascalVoc(256)[ignore.Value], (ushort)ignore.Value);
    }

    /// <summary>The label of each pixel.</summary>
    /// <exception cref="ImageDecodeException">The file is no picture, or a colour is no class's.</exception>
    public (ushort[] Labels, int Width, int Height) Read(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var picture = MaskDecoder.ReadColors(file, limits);
        var pixels = MemoryMarshal.Cast<byte, RgbColor>(picture.Pixels);
        var labels = new ushort[pixels.Length];
        for (var i = 0; i < labels.Length; i++)
            // Colours come in runs; each is looked up once.
            if (i > 0 && pixels[i] == pixels[i - 1])
                labels[i] = labels[i - 1];
            else if (!_labels.TryGetValue(pixels[i], out labels[i]))
                throw new ImageDecodeException($"pixel ({i % picture.Width}, {i / picture.Width}) is {pixels[i]}, the colour of no class.");
        return (labels, picture.Width, picture.Height);
    }
}
