using Sclip.Imaging;

namespace Sclip.Exploration;

/// <summary>Draws values over a picture, which stays visible in grey.</summary>
internal static class HeatMap
{
    // What is low is a darkened picture, what is high nearly the colour alone.
    private const float LeastOpacity = 0.45f, MoreOpacity = 0.4f;

    /// <summary>Draws values, one a pixel, <paramref name="low"/> and below as the darkest and <paramref name="high"/> and above as the brightest.</summary>
    public static RgbImage Draw(RgbImage picture, ReadOnlySpan<float> values, float low, float high)
    {
        var pixels = new byte[picture.Pixels.Length];
        var scale = high > low ? 1 / (high - low) : 0;
        for (var i = 0; i < values.Length; i++)
        {
            var value = Math.Clamp((values[i] - low) * scale, 0, 1);
            var (color, opacity) = (ColorScale.Of(value), LeastOpacity + MoreOpacity * value);
            var at = i * 3;
            var gray = (1 - opacity) * (0.299f * picture.Pixels[at] + 0.587f * picture.Pixels[at + 1] + 0.114f * picture.Pixels[at + 2]) + 0.5f;
            pixels[at] = (byte)(gray + opacity * color.R);
            pixels[at + 1] = (byte)(gray + opacity * color.G);
            pixels[at + 2] = (byte)(gray + opacity * color.B);
        }
        return new RgbImage(picture.Width, picture.Height, pixels);
    }
}
