using Sclip.Segmentation.Systems;
using Sclip.Segmentation.TorchSharp.Algebra;
using Sclip.Segmentation.TorchSharp.PostProcessing;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>How windows go through a model that brings its own method along: each by itself.</summary>
public sealed partial class TorchSegmenter
{
    /// <summary>Adds the scores of a batch's windows to their pictures.</summary>
    private void Score((OpenPicture Picture, Window[] Windows)[] batch, IScoringSystem system, TorchLabels names, SegmentationOptions options, CancellationToken cancellationToken)
    {
        foreach (var (picture, windows) in batch)
            foreach (var window in windows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var seen = Seen(picture.Cut(window), cancellationToken);
                var (scores, grid) = ((TorchMatrix)NameScores.Of(system, seen, names.Source, options), system.ScoreGrid(seen.Size));
                picture.Add(scores.Tensor.t().reshape(1, names.Names, grid.Height, grid.Width), [window]);
            }
    }

    /// <summary>Dense features of windows, <c>[windows, patches, embedding size]</c>.</summary>
    private Tensor Features(Tensor windows, IFeatureSystem system, int patches, CancellationToken cancellationToken)
    {
        var features = empty([windows.shape[0], patches, _model.Config.EmbeddingSize], device: windows.device);
        for (var i = 0; i < windows.shape[0]; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            _algebra.Of(features[i]).Set(system.Features(Seen(windows[i], cancellationToken)));
        }
        return features;
    }

    /// <summary>A window <c>[3, height, width]</c> as systems see it.</summary>
    /// <exception cref="SegmentationException">It has too many patches.</exception>
    private SystemWindow Seen(Tensor window, CancellationToken cancellationToken)
    {
        var size = new WindowSize((int)window.shape[1], (int)window.shape[2]);
        SegmentationChecks.AttentionMaps(size.Height, size.Width, PatchCut.Whole(_model.Config.PatchSize), _model.Config.OwnMethod!);
        return new(_algebra, _algebra.Of(window.reshape(3, -1)).ToArray(), size) { CancellationToken = cancellationToken };
    }
}
