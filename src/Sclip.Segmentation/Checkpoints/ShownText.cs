namespace Sclip.Segmentation.Checkpoints;

/// <summary>Texts out of a file that nobody vouches for, as messages have them.</summary>
internal static class ShownText
{
    private const int Longest = 100;

    /// <summary>The text without control characters, and cut where it is long.</summary>
    public static string Shown(this string text) =>
        string.Concat(text.Take(Longest).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)) + (text.Length > Longest ? "..." : "");
}
