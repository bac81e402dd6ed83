using System.Text.Json;

namespace Sclip.Segmentation.Vision;

/// <summary>(level * rescale - mean) / deviation, for each channel of an RGB pixel.</summary>
internal sealed class PixelNormalisation
{
    private readonly double _rescale;
    private readonly double[] _mean;
    private readonly double[] _deviation;

    private PixelNormalisation(double rescale, double[] mean, double[] deviation) => (_rescale, _mean, _deviation) = (rescale, mean, deviation);

    public float Apply(int channel, double level) => (float)((level * _rescale - _mean[channel]) / _deviation[channel]);

    /// <summary>What a level is multiplied with, before <see cref="Offset"/> is added.</summary>
    public double Factor(int channel) => _rescale / _deviation[channel];

    /// <summary>What a level of 0 becomes.</summary>
    public double Offset(int channel) => -_mean[channel] / _deviation[channel];

    /// <summary>Reads preprocessor_config.json of a model directory.</summary>
    public static PixelNormalisation Load(string directory)
    {
        var path = Path.Combine(directory, "preprocessor_config.json");
        using var document = ModelFiles.ReadJson(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: not a JSON object.");
        var rescale = document.RootElement.TryGetProperty("rescale_factor", out var factor) && factor.ValueKind == JsonValueKind.Number ? factor.GetDouble() : 1 / 255.0;
        var deviation = Triple(path, document.RootElement, "image_std");
        if (!(rescale > 0) || deviation.Any(value => !(value > 0)))
            throw new ModelFormatException($"{path}: rescale_factor and image_std must be positive.");
        return new PixelNormalisation(rescale, Triple(path, document.RootElement, "image_mean"), deviation);
    }

    private static double[] Triple(string path, JsonElement root, string key)
    {
        if (root.TryGetProperty(key, out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() == 3
            && values.EnumerateArray().All(value => value.ValueKind == JsonValueKind.Number))
            return [.. values.EnumerateArray().Select(value => value.GetDouble())];
        throw new ModelFormatException($"{path}: {key} must be three numbers.");
    }
}
