using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>Masks as they are stored.</summary>
public static class MaskFile
{
    private const string ColorAdvice = "Save class indices as palette or grey PNGs; or, where the colours are the classes', give --colors; of panoptic PNGs, their JSON is the ground truth.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">A PNG or TIFF of indices, also as three equal channels, or of colours where they have a code.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <param name="colors">How colours are read; null refuses them.</param>
    /// <exception cref="EvaluationException">It cannot be read, or is no mask.</exception>
    public static LabelMap Read(string path, ImageLimits limits, ColorCode? colors)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true } info && info.Length > limits.MaxFileBytes)
                throw new EvaluationException($"{path}: {info.Length} bytes are more than a mask may have.");
            var file = File.ReadAllBytes(path);
            var (labels, width, height) = !MaskDecoder.HoldsColors(file) ? MaskDecoder.Read(file, limits) : colors?.Read(file, limits) ?? EqualChannels(file, path, limits);
            return new LabelMap(labels, width, height);
        }
        catch (Exception error) when (error is ImageDecodeException or IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{path}: {error.Message}", error);
        }
    }

    private static (ushort[] Labels, int Width, int Height) EqualChannels(byte[] file, string path, ImageLimits limits) => MaskDecoder.ReadColorsOrIndices(file, limits) is ({ Width: var width, Height: var height }, { } indices)
        ? (indices, width, height)
        : throw new EvaluationException($"{path}: it is an RGB picture, its pixels are colours and not class indices.") { Advice = ColorAdvice };
}
