using Sclip.Contracts;

namespace Sclip.Exploration;

/// <summary>Colours that tell any number of clusters apart: hues by the golden angle, which never comes near an earlier one soon, in three brightnesses.</summary>
internal static class ClusterColors
{
    private const double GoldenAngle = 137.50776405003785;

    private static readonly (double Saturation, double Value)[] Shades = [(0.72, 0.92), (0.85, 0.62), (0.42, 0.98)];

    public static RgbColor[] Of(int count) => [.. Enumerable.Range(0, count).Select(i => FromHsv((210 + i * GoldenAngle) % 360, Shades[i % Shades.Length]))];

    private static RgbColor FromHsv(double hue, (double Saturation, double Value) shade)
    {
        return new RgbColor(Channel(5), Channel(3), Channel(1));

        // The usual closed form: each channel is a trapezium over the hue circle, shifted.
        byte Channel(int shift)
        {
            var k = (shift + hue / 60) % 6;
            return (byte)Math.Round(255 * (shade.Value - shade.Value * shade.Saturation * Math.Clamp(Math.Min(k, 4 - k), 0, 1)));
        }
    }
}
