using Sclip.Contracts;

namespace Sclip.Storage.Jobs;

/// <summary>What images are ordered by, the least first. Those that failed have nothing of it, and come last.</summary>
public static class ImageKeys
{
    /// <summary>The doubt of a class, else (null) of the whole image, the most first; earlier versions told none.</summary>
    public static double Doubt(ImageResult image, string? name) =>
        image.Status == ImageStatus.Failed ? double.PositiveInfinity : DoubtOf(image, name) is { } doubt ? -doubt : image.MeanConfidence ?? 1;

    /// <summary>The mean confidence, the least first.</summary>
    public static double Confidence(ImageResult image) => image.Status == ImageStatus.Failed ? double.PositiveInfinity : image.MeanConfidence ?? 0;

    /// <summary>The share of a class in the image's pixels, the largest first.</summary>
    public static double Share(ImageResult image, string name) => image.Status == ImageStatus.Failed
        ? double.PositiveInfinity
        : -((image.Pixels?.GetValueOrDefault(name) ?? 0) / Math.Max(1.0, (double)(image.Width ?? 1) * (image.Height ?? 1)));

    private static double? DoubtOf(ImageResult image, string? name) => name is not null && image.ClassDoubt is { } doubts ? doubts.GetValueOrDefault(name) : image.Doubt;
}
