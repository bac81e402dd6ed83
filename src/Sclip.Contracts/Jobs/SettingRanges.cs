namespace Sclip.Contracts.Jobs;

/// <summary>
/// The ranges of a job's settings, for whoever takes a request and for the engine that does it. Each rule says what is wrong with a
/// value, and null where nothing is.
/// </summary>
public static class SettingRanges
{
    /// <summary>What the long side of an image is kept to in pixels where its short side is brought to a size, as the authors do.</summary>
    public const int MostLongSide = 2048;

    /// <summary>The largest factor of the cosine similarities. CLIPs are trained with at most 100; far beyond, scores are no numbers any more.</summary>
    public const int MostLogitScale = 10_000;

    /// <summary>How features of images may be kept.</summary>
    public static IReadOnlyList<string> FeatureEncodings { get; } = ["fp16", "int8"];

    /// <summary>How features of images are kept; null keeps none.</summary>
    public static string? KeepFeatures(string? encoding) =>
        Unless(encoding is null || FeatureEncodings.Contains(encoding), $"features are kept as {string.Join(" or ", FeatureEncodings)}, or not at all", $"'{JobNames.Shown(encoding)}'");

    /// <summary>The short side that images are resized to, in pixels.</summary>
    public static string? ShortSide(int pixels) =>
        Unless(pixels is >= 0 and <= MostLongSide, $"the short side must be 0 (images as they are) to {MostLongSide} pixels, which is the most that a long side is brought to", pixels);

    /// <summary>The side of a window, and the step between windows, in pixels.</summary>
    public static string? Windows(int crop, int stride) =>
        Unless(crop >= 0, "the crop must not be negative (0 takes the whole picture)", crop)
        ?? Unless(crop == 0 || stride >= 1, "the stride must be at least 1 pixel", stride)
        ?? Unless(crop == 0 || stride <= crop, $"the stride must not exceed the crop of {crop} pixels, else pixels between windows stay unseen", stride);

    /// <summary>Whether a method takes the picture in windows of this side.</summary>
    public static string? WholePicture(string method, int crop) =>
        Unless(crop == 0 || !DenseMethodNames.TakesWholePicture(method), $"{method} finds regions in the picture as a whole, so that the crop must be 0 (--crop 0), which takes it as one window", crop);

    /// <summary>The pixels from one patch to the next; null leaves it to the model.</summary>
    /// <param name="step">The pixels.</param>
    /// <param name="patchSize">Side in pixels of the model's patches, where it is known.</param>
    public static string? PatchStride(int? step, int? patchSize = null) =>
        Unless(step is null or >= 1, "the patch stride must be at least 1 pixel", step)
        ?? Unless(!(step > patchSize), $"the patch stride must not exceed the side of the model's patches, {patchSize} pixels, else pixels between them stay unseen", step);

    /// <summary>The factor of the cosine similarities.</summary>
    public static string? LogitScale(double factor) =>
        Unless(factor is > 0 and <= MostLogitScale, $"the logit scale must be above 0 and at most {MostLogitScale}", factor);

    /// <summary>The score below which pixels become background.</summary>
    public static string? ProbabilityThreshold(double score) => Unless(score is >= 0 and <= 1, "the probability threshold must lie in 0..1", score);

    /// <summary>The share up to which classes are dropped.</summary>
    public static string? AreaThreshold(double? share) => Unless(share is null or (>= 0 and <= 1), "the area threshold must lie in 0..1", share);

    /// <summary>Whether the label set has the background that the thresholds need.</summary>
    /// <param name="score">The score below which pixels become background; 0 is off.</param>
    /// <param name="share">The share of the foreground up to which classes are dropped; null and 0 are off.</param>
    /// <param name="isThere">Whether one of the classes is the background.</param>
    public static string? Background(double score, double? share, bool isThere) => isThere || !NeedsBackground(score, share)
        ? null
        : $"{(score > 0 ? $"the probability threshold of {score} gives pixels to the background" : $"the area threshold of {share} takes shares of what is not background")}, and none of the classes is it. "
            + "Add a class 'background', or mark one that is it (\"background\": true in JSON, a box in the dashboard's form); or do without the threshold (--prob-threshold 0, --area-threshold 0).";

    /// <summary>Whether masks depend on which class is the background.</summary>
    public static bool NeedsBackground(double score, double? share) => score > 0 || share > 0;

    /// <summary>The refinement's steps, and its dilations in pixels.</summary>
    public static string? Refinement(int steps, IReadOnlyList<int> dilations) =>
        Unless(steps is >= 0 and <= 1000, "the PAMR steps must lie in 0..1000", steps)
        ?? Unless(steps == 0 || (dilations.Count > 0 && dilations.All(dilation => dilation is >= 1 and <= 1024)),
            "the PAMR dilations must be given and lie in 1..1024", string.Join(",", dilations));

    private static string? Unless(bool holds, string rule, object? value) => holds ? null : $"{rule}; it is {value}.";
}
