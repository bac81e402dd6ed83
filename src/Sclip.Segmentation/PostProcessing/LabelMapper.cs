using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// From averaged logits to the label map, in the authors' order: resize to the original, (PAMR), softmax over all names, best name of
/// each class, area threshold, argmax, probability threshold, then what the method does to the whole label map.
/// </summary>
internal static class LabelMapper
{
    /// <summary>Scores are added up in whole units of 2^-32: a sum of integers does not depend on the order in which it is made.</summary>
    public const double Unit = 4294967296;

    /// <summary>Labels one picture.</summary>
    /// <param name="logits">Logits of all windows.</param>
    /// <param name="input">The picture, for the size of its label map and its sink.</param>
    /// <param name="labels">Classes of the names.</param>
    /// <param name="options">Scale, thresholds, PAMR.</param>
    /// <param name="windows">Windows that were computed.</param>
    /// <param name="regions">The regions that vote on labels; null where the method finds none.</param>
    /// <param name="areFinal">Whether the logits are final scores, which are compared as they are; the threshold was applied when they were made.</param>
    /// <param name="normalisedPicture">The resized picture, normalised, <c>[3, height, width]</c>; asked for by PAMR alone.</param>
    /// <param name="threads">Where the work runs.</param>
    /// <param name="cancellationToken">Checked between bands of rows.</param>
    public static SegmentationResult Map(
        LogitMap logits, SegmentationInput input, LabelEmbeddings labels, SegmentationOptions options, int windows, PatchRegions? regions, bool areFinal, Func<float[]> normalisedPicture,
        Threads threads, CancellationToken cancellationToken)
    {
        var (height, width) = (input.OutputHeight, input.OutputWidth);
        float? scale = areFinal ? null : (float)options.LogitScale;
        using var planes = options.PamrSteps > 0 ? new PlaneScores(logits, Refine(input, options, normalisedPicture(), threads, cancellationToken), height, width, labels, scale, threads) : null;
        var scores = (IPixelScores?)planes ?? new RowScores(logits, height, width, labels, scale, threads);
        var dropped = options.AreaThreshold is { } area ? FindSmallClasses(scores, labels, area, cancellationToken) : null;

        var (labelMap, tally) = (new ushort[(long)height * width], new ClassTally(labels.ClassCount));
        var doubtMap = input.DoubtMap ? new byte[labelMap.Length] : null;
        var change = Change(options.Method, regions, height, width, threads);
        var threshold = areFinal ? 0 : (float)options.ProbabilityThreshold;
        // Without a background the threshold is 0, and no score is below it.
        var background = (ushort)(labels.BackgroundClass ?? 0);
        scores.FindWinners(dropped, (y, winners, best, doubt) =>
        {
            var row = labelMap.AsSpan(y * width, width);
            for (var x = 0; x < width; x++)
                row[x] = best[x] < threshold ? background : winners[x];
            if (change is null)
                Finish(y, best, doubt);
            else
                change.Keep(y, best, doubt);
        }, cancellationToken);
        change?.Apply(labelMap, Finish);
        if (input.Scores is { } sink)
            scores.WriteScores(dropped, sink, cancellationToken);
        return Result(input, labelMap, doubtMap, tally.Pixels, tally.Scores, tally.Doubts, windows);

        void Finish(int y, ReadOnlySpan<float> best, ReadOnlySpan<float> doubt)
        {
            tally.Add(labelMap.AsSpan(y * width, width), best, doubt);
            if (doubtMap is not null)
                for (var x = 0; x < width; x++)
                    doubtMap[y * width + x] = PixelDoubt.InMap(doubt[x]);
        }
    }

    /// <summary>The result of a picture, from each class's pixels, and its scores and doubts in units of <see cref="Unit"/>.</summary>
    public static SegmentationResult Result(SegmentationInput input, ushort[] labelMap, byte[]? doubtMap, long[] counts, long[] sums, long[] doubts, int windows) => new()
    {
        Width = input.OutputWidth,
        Height = input.OutputHeight,
        LabelMap = labelMap,
        PixelCounts = counts,
        DoubtMap = doubtMap,
        ClassConfidences = Means(sums, counts),
        MeanConfidence = sums.Sum(sum => sum / Unit) / labelMap.Length,
        ClassDoubts = Means(doubts, counts),
        Doubt = doubts.Sum(sum => sum / Unit) / labelMap.Length,
        Windows = windows,
    };

    private static LabelMapChange? Change(string method, PatchRegions? regions, int height, int width, Threads threads) =>
        regions is not null ? new(height, width, map => RegionVote.Apply(map, height, width, regions, threads))
        : DenseMethods.ClosesLabelMap(method) ? new(height, width, map => LabelMapClosing.Close(map, height, width))
        : null;

    private static double[] Means(long[] sums, long[] counts) => [.. sums.Zip(counts, (sum, count) => count == 0 ? 0 : sum / Unit / count)];

    private static Pamr Refine(SegmentationInput input, SegmentationOptions options, float[] picture, Threads threads, CancellationToken cancellationToken)
    {
        var resized = new float[3 * input.OutputHeight * input.OutputWidth];
        BilinearResize.Planes(picture, 3, input.Height, input.Width, resized, input.OutputHeight, input.OutputWidth);
        return new Pamr(resized, 3, input.OutputHeight, input.OutputWidth, options.PamrSteps, options.PamrDilations, threads, cancellationToken);
    }

    /// <summary>Marks the classes, but for the background, whose share of all pixels that are not background is not above the threshold.</summary>
    private static bool[] FindSmallClasses(IPixelScores scores, LabelEmbeddings labels, double threshold, CancellationToken cancellationToken)
    {
        var counts = new long[labels.ClassCount];
        scores.FindWinners(null, (_, winners, _, _) =>
        {
            var row = new long[counts.Length];
            foreach (var winner in winners)
                row[winner]++;
            for (var i = 0; i < row.Length; i++)
                if (row[i] != 0)
                    Interlocked.Add(ref counts[i], row[i]);
        }, cancellationToken);
        var things = counts.Sum() - (labels.BackgroundClass is { } background ? counts[background] : 0);
        return [.. counts.Select((count, i) => i != labels.BackgroundClass && !(count > threshold * things))];
    }
}
