using Sclip.Contracts.Jobs;

namespace Sclip.Segmentation;

/// <summary>What every engine refuses, in the same words.</summary>
internal static class SegmentationChecks
{
    // Attention grows with their square: a map of so many is 1 GiB.
    private const long MostPatches = 128 * 128;

    /// <exception cref="SegmentationException">The embeddings are another model's, or thresholds need a background that they lack.</exception>
    public static void Labels(LabelEmbeddings labels, ClipConfig config, SegmentationOptions options)
    {
        if (labels.Dimension != config.EmbeddingSize)
            throw new SegmentationException($"The label embeddings have {labels.Dimension} dimensions, the model {config.EmbeddingSize}; they are another model's.");
        if (SettingRanges.Background(options.ProbabilityThreshold, options.AreaThreshold, labels.BackgroundClass is not null) is { } refusal)
            throw new SegmentationException(refusal);
    }

    /// <exception cref="SegmentationException">A picture of the size that the model sees holds no patch.</exception>
    public static void Picture(int height, int width, int patchSize)
    {
        if (width < patchSize || height < patchSize)
            throw new SegmentationException($"The picture is {width} x {height} pixels as the model would see it, smaller than its patch of {patchSize}; give a short side of at least {patchSize} pixels (--short-side).");
    }

    /// <exception cref="SegmentationException">A window holds no patch, or, where they overlap, too many.</exception>
    public static void Window(int height, int width, PatchCut patches)
    {
        var size = patches.Size;
        if (width < size || height < size)
            throw new SegmentationException(
                $"A window of {width} x {height} pixels holds no patch of {size} x {size}; give a crop of at least {size} pixels, or 0 for the whole picture (--crop).");
        if (patches.Step < size && (long)patches.Along(width) * patches.Along(height) is > MostPatches and var count)
            throw new SegmentationException(
                $"A window of {width} x {height} pixels has {count} patches, one every {patches.Step} pixels, and at most {MostPatches} can be computed; give a larger patch stride (--patch-stride) or smaller windows (--crop).");
    }

    /// <exception cref="SegmentationException">A window has too many patches for a method that holds how each of them looks at each.</exception>
    public static void AttentionMaps(int height, int width, PatchCut patches, string method)
    {
        if ((long)patches.Along(width) * patches.Along(height) is > MostPatches and var count)
            throw new SegmentationException(
                $"A window of {width} x {height} pixels has {count} patches, and {method}, which compares each with each, takes at most {MostPatches}; give smaller windows (--crop) or a shorter side (--short-side).");
    }
}
