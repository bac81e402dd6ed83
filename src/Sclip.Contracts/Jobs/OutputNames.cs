namespace Sclip.Contracts.Jobs;

/// <summary>
/// The names of what is written for an image, in a job's blobs and in a folder alike: the image's whole name, its ending with it, and the
/// output's own ending. So <c>a.jpg</c> and <c>a.png</c> keep apart, and a name depends on no other image.
/// </summary>
public static class OutputNames
{
    /// <summary>What the names of corrected masks begin with.</summary>
    public const string Corrections = "corrections/";

    /// <summary>The folders of outputs, in the order of their names.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["doubt/", "features/", "masks/", "overlays/", "scores/"];

    /// <summary>Name of an image's mask.</summary>
    public static string Mask(string image) => $"masks/{image}.png";

    /// <summary>Name of its overlay.</summary>
    public static string Overlay(string image) => $"overlays/{image}.jpg";

    /// <summary>Name of its doubt map.</summary>
    public static string Doubt(string image) => $"doubt/{image}.png";

    /// <summary>Name of its class scores.</summary>
    public static string Scores(string image) => $"scores/{image}.npy";

    /// <summary>Name of its kept features.</summary>
    public static string Features(string image) => $"features/{image}.sclf";

    /// <summary>Whether a name is that of a corrected mask.</summary>
    public static bool IsCorrection(string? name) => name?.StartsWith(Corrections, StringComparison.Ordinal) is true;

    /// <summary>Name of a corrected mask: another for each content, so that none ever takes the place of another.</summary>
    /// <param name="image">The image.</param>
    /// <param name="sha256">The hash of the mask's file, in hexadecimal.</param>
    public static string Correction(string image, string sha256) => $"{Corrections}{image}.{sha256[..16]}.png";

    /// <summary>The outputs that a result names: below their folders, whatever stands in a result that others wrote, and nowhere else.</summary>
    public static IEnumerable<string> Of(ImageResult result) =>
        new[] { result.Mask, result.Overlay, result.Scores, result.DoubtMap, result.Features }.OfType<string>()
            .Where(name => JobNames.Refusal(name) is null && Folders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal)));
}
