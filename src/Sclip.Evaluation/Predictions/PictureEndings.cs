using Sclip.Imaging;

namespace Sclip.Evaluation.Predictions;

/// <summary>Endings of pictures' files as they are looked for where a file system tells cases apart.</summary>
internal static class PictureEndings
{
    /// <summary>All, in small letters, then in capitals.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ImageDecoder.Endings, .. ImageDecoder.Endings.Select(ending => ending.ToUpperInvariant())];
}
