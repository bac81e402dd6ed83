using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation;

/// <summary>How windows go through a model that brings its own method along.</summary>
public sealed unsafe partial class ManagedSegmenter
{
    private ManagedAlgebra? _algebra;

    private ManagedAlgebra Algebra => _algebra ??= new ManagedAlgebra(model.Threads);

    private static string NoViews(string method) => $"The method {method} scores names without attention or dense features that could be shown; look at a CLIP model.";

    /// <summary>
    /// Adds the scores of a batch's windows to their pictures. Where the background takes what scores too little, its names are not asked for: all of them
    /// get the background's score.
    /// </summary>
    private void Score(List<(OpenPicture Picture, Window Window)> batch, IScoringSystem system, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken)
    {
        float? threshold = options.ProbabilityThreshold > 0 ? (float)options.ProbabilityThreshold : null;
        var (before, background) = threshold is null ? (labels.ClassOfName.Length, 0) : BackgroundNames(labels);
        var (names, dimension) = (labels.ClassOfName.Length, labels.Dimension);
        if (background == names)
            throw new SegmentationException("All classes are the background, which takes what scores less than the probability threshold; name a class beside it, or do without the threshold (--prob-threshold 0).");
        foreach (var (picture, window) in batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = Algebra.Scope();
            var all = Algebra.From(labels.Values, names, dimension);
            var size = new WindowSize(window.Height, window.Width);
            SegmentationChecks.Window(window.Height, window.Width, PatchCut.Whole(model.Config.PatchSize));
            var scores = system.Scores(new(Algebra, model.Normalisation.Planes(picture.Pixels(window)), size)
            {
                Names = background == 0 ? all : Algebra.Stack(all.RowRange(0, before), all.RowsFrom(before + background)),
                BackgroundThreshold = threshold,
            });
            var (grid, stride) = (system.ScoreGrid(size), picture.Labels.Logits.Stride);
            var target = Algebra.Over(_scratch.Get(Scratch.Slot.Logits, (long)scores.Rows * stride), scores.Rows, stride, stride);
            // Lanes behind the last name are interpolated too, so they must hold numbers.
            target.Clear();
            var first = threshold is null ? 0 : 1;
            target.ColumnRange(0, before).Set(scores.ColumnRange(first, before));
            for (var name = 0; name < background; name++)
                target.ColumnRange(before + name, 1).Set(scores.ColumnRange(0, 1));
            var behind = names - before - background;
            target.ColumnRange(before + background, behind).Set(scores.ColumnRange(first + before, behind));
            picture.Labels.AddLogits(target.Pointer, grid.Height, grid.Width);
        }
    }

    /// <summary>Dense features of windows, <c>[R, embedding size]</c>, a row in front of each window's that stands for CLS.</summary>
    private float* Features(PixelWindow[] windows, TokenBatch tokens, IFeatureSystem system, CancellationToken cancellationToken)
    {
        var dimension = model.Config.EmbeddingSize;
        var all = _scratch.Get(Scratch.Slot.Features, (long)tokens.Rows * dimension);
        for (var i = 0; i < windows.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = Algebra.Scope();
            var features = system.Features(new(Algebra, model.Normalisation.Planes(windows[i]), new(windows[i].Height, windows[i].Width)));
            Algebra.Over(all + ((nint)tokens.FirstRow(i) + 1) * dimension, features.Rows, dimension, dimension).Set(features);
        }
        return all;
    }

    /// <summary>Names in front of the background's, and how many it has: those of a class lie together.</summary>
    private static (int Before, int Count) BackgroundNames(LabelEmbeddings labels) =>
        (Array.IndexOf(labels.ClassOfName, labels.BackgroundClass!.Value), labels.ClassOfName.Count(label => label == labels.BackgroundClass));
}
