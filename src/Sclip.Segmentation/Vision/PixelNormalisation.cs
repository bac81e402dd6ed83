using System.Globalization;
using System.Text.Json;

namespace Sclip.Segmentation.Vision;

/// <summary>(level * rescale - mean) / deviation, for each channel of an RGB pixel.</summary>
internal sealed class PixelNormalisation
{
    private const double Rescale = 1 / 255.0, RescaleTolerance = 1e-6;
    private readonly double _rescale;
    private readonly double[] _mean;
    private readonly double[] _deviation;

    private PixelNormalisation(double rescale, double[] mean, double[] deviation) => (_rescale, _mean, _deviation) = (rescale, mean, deviation);

    /// <summary>That of models trained on ImageNet, which bring no file that says so.</summary>
    public static PixelNormalisation ImageNet { get; } = new(Rescale, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    public float Apply(int channel, double level) => (float)((level * _rescale - _mean[channel]) / _deviation[channel]);

    /// <summary>What a level is multiplied with, before <see cref="Offset"/> is added.</summary>
    public double Factor(int channel) => _rescale / _deviation[channel];

    /// <summary>What a level of 0 becomes.</summary>
    public double Offset(int channel) => -_mean[channel] / _deviation[channel];

    /// <summary>A picture as the model sees it, <c>[3, height, width]</c>.</summary>
    public float[] Planes(SegmentationInput picture) => Planes(new PixelWindow(picture.Rgb, picture.Width, 0, 0, picture.Height, picture.Width));

    /// <summary>A window as the model sees it, <c>[3, height, width]</c>.</summary>
    public float[] Planes(PixelWindow window)
    {
        var rgb = window.Rgb.Span;
        var planes = new float[3 * window.Height * window.Width];
        var target = 0;
        for (var channel = 0; channel < 3; channel++)
            for (var y = 0; y < window.Height; y++)
                for (var x = 0; x < window.Width; x++)
                    planes[target++] = Apply(channel, rgb[((window.Y + y) * window.PictureWidth + window.X + x) * 3 + channel]);
        return planes;
    }

    /// <summary>Reads the settings of a Hugging Face image processor.</summary>
    /// <param name="place">Where they stand.</param>
    /// <param name="settings">The settings.</param>
    /// <exception cref="ModelFormatException">They are none, or ask for what is not done.</exception>
    public static PixelNormalisation Read(string place, JsonElement settings)
    {
        if (settings.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{place}: not a JSON object.");
        foreach (var step in (string[])["do_rescale", "do_normalize"])
            if (TryGet(settings, step, out var done) && done.ValueKind != JsonValueKind.True)
                throw new ModelFormatException($"{place}: {step} is {done.GetRawText()}; only true is supported, levels rescaled by 1/255 and normalised by image_mean and image_std.");
        var rescale = Rescale;
        if (TryGet(settings, "rescale_factor", out var factor)
            && (factor.ValueKind != JsonValueKind.Number || !(Math.Abs((rescale = factor.GetDouble()) - Rescale) <= RescaleTolerance)))
            throw new ModelFormatException($"{place}: rescale_factor is {factor.GetRawText()}; only 1/255 is supported (0.00392156862745098).");
        var (mean, deviation) = (Triple(place, settings, "image_mean"), Triple(place, settings, "image_std"));
        return IsOfLevels(mean, deviation)
            ? new PixelNormalisation(rescale, mean, deviation)
            : throw new ModelFormatException($"{place}: image_mean must lie in 0..1 and image_std above 0 and up to 1, of levels that are rescaled to 0..1; they are {Text(mean)} and {Text(deviation)}.");
    }

    /// <summary>Of levels that are rescaled by 1/255.</summary>
    /// <param name="place">Where mean and deviation stand.</param>
    /// <param name="mean">Of each channel.</param>
    /// <param name="deviation">Of each channel.</param>
    /// <exception cref="ModelFormatException">They are not of levels from 0 to 1.</exception>
    public static PixelNormalisation Of(string place, double[] mean, double[] deviation) => IsOfLevels(mean, deviation)
        ? new PixelNormalisation(Rescale, mean, deviation)
        : throw new ModelFormatException($"{place}: mean must lie in 0..1 and std above 0 and up to 1, of levels that are rescaled to 0..1; they are {Text(mean)} and {Text(deviation)}.");

    /// <summary>Mean and deviation, as messages have them.</summary>
    public override string ToString() => $"image_mean {Text(_mean)} and image_std {Text(_deviation)}";

    private static bool IsOfLevels(double[] mean, double[] deviation) => mean.All(value => value is >= 0 and <= 1) && deviation.All(value => value is > 0 and <= 1);

    private static bool TryGet(JsonElement root, string key, out JsonElement value) => root.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    private static string Text(double[] values) => $"[{string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]";

    private static double[] Triple(string place, JsonElement root, string key)
    {
        if (root.TryGetProperty(key, out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() == 3
            && values.EnumerateArray().All(value => value.ValueKind == JsonValueKind.Number))
            return [.. values.EnumerateArray().Select(value => value.GetDouble())];
        throw new ModelFormatException($"{place}: {key} must be three numbers.");
    }
}
