using System.Globalization;

namespace Sclip.Contracts;

/// <summary>A colour of 8 bits a channel; written as <c>#rrggbb</c>.</summary>
public readonly record struct RgbColor(byte R, byte G, byte B)
{
    /// <summary>Reads <c>#rrggbb</c>; false where the text is anything else.</summary>
    public static bool TryParse(string? text, out RgbColor color)
    {
        color = default;
        if (text is not { Length: 7 } || text[0] != '#' || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
            return false;
        color = new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";
}
