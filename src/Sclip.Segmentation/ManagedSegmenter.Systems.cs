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

    private static string NoAttention(string method) => $"The method {method} labels by no attention that could be shown; leave points out, or look at a CLIP model.";

    private static string NoInspection(string method) => $"The method {method} scores names without attention or dense features that could be shown; look at a CLIP model.";

    /// <summary>Adds the scores of a batch's windows to their pictures.</summary>
    private void Score(List<(OpenPicture Picture, Window Window)> batch, IScoringSystem system, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken)
    {
        foreach (var (picture, window) in batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = Algebra.Scope();
            var size = new WindowSize(window.Height, window.Width);
            Check(window.Height, window.Width);
            var scores = NameScores.Of(system, new(Algebra, model.Normalisation.Planes(picture.Pixels(window)), size) { CancellationToken = cancellationToken }, labels, options);
            var (grid, stride) = (system.ScoreGrid(size), picture.Labels.Logits.Stride);
            var rows = grid.Height * grid.Width;
            var target = Algebra.Over(_scratch.Get(Scratch.Slot.Logits, (long)rows * stride), rows, stride, stride);
            // Lanes behind the last name are interpolated too, so they must hold numbers.
            target.Clear();
            target.ColumnRange(0, labels.ClassOfName.Length).Set(scores);
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
            Check(windows[i].Height, windows[i].Width);
            using var scope = Algebra.Scope();
            var features = system.Features(new(Algebra, model.Normalisation.Planes(windows[i]), new(windows[i].Height, windows[i].Width)) { CancellationToken = cancellationToken });
            Algebra.Over(all + ((nint)tokens.FirstRow(i) + 1) * dimension, tokens.Tokens(i) - 1, dimension, dimension).Set(features);
        }
        return all;
    }

    private void Check(int height, int width)
    {
        var patches = PatchCut.Whole(model.Config.PatchSize);
        SegmentationChecks.Window(height, width, patches);
        SegmentationChecks.AttentionMaps(height, width, patches, model.Config.OwnMethod!);
    }
}
