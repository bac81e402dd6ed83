using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>Masks as they are stored.</summary>
public static class MaskFile
{
    private const string ColorAdvice = "Save class indices as palette or grey PNGs; or, where the colours are the classes', give --colors; of panoptic PNGs, their JSON is the ground truth.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">A PNG of indices, or of colours where they have a code.</param>
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
            if (MaskDecoder.HoldsColors(file) && colors is null)
                throw new EvaluationException($"{path}: it is an RGB picture, its pixels are colours and not class indices.") { Advice = ColorAdvice };
            var (labels, width, height) = MaskDecoder.HoldsColors(file) ? colors!.Read(file, limits) : MaskDecoder.Read(file, limits);
            return new LabelMap(labels, width, height);
        }
        catch (Exception error) when (error is ImageDecodeException or IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{path}: {error.Message}", error);
        }
    }
}
