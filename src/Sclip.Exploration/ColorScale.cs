using Sclip.Contracts;

namespace Sclip.Exploration;

/// <summary>Colours of values: inferno, which grows evenly brighter for the eye (van der Walt and Smith, CC0), at nine places and straight between them.</summary>
internal static class ColorScale
{
    private static readonly RgbColor[] Places =
    [
        new(0, 0, 4), new(31, 12, 72), new(85, 15, 109), new(136, 34, 106), new(186, 54, 85), new(227, 89, 51), new(249, 140, 10), new(249, 201, 50), new(252, 255, 164),
    ];

    /// <summary>The scale as CSS, from left to right.</summary>
    public static string Gradient { get; } = $"linear-gradient(90deg, {string.Join(", ", Places)})";

    /// <summary>The colour of a value in 0..1.</summary>
    public static RgbColor Of(float value)
    {
        var place = Math.Clamp(value, 0, 1) * (Places.Length - 1);
        var first = Math.Min((int)place, Places.Length - 2);
        var (a, b, share) = (Places[first], Places[first + 1], place - first);
        return new RgbColor(Mix(a.R, b.R, share), Mix(a.G, b.G, share), Mix(a.B, b.B, share));
    }

    private static byte Mix(byte a, byte b, float share) => (byte)(a + (b - a) * share + 0.5f);
}
