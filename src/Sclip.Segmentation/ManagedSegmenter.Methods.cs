using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation;

/// <summary>How windows go through a dense method.</summary>
public sealed unsafe partial class ManagedSegmenter
{
    /// <summary>What the method makes of the batch's windows: to the pictures' labels, and to whoever wants features.</summary>
    private void Compute(
        List<(OpenPicture Picture, Window Window)> batch, IDenseMethod method, LabelEmbeddings labels, SegmentationOptions options, SharedTrunk? trunk, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        cancellationToken.ThrowIfCancellationRequested();
        var windows = batch.Select(item => item.Picture.Pixels(item.Window)).ToArray();
        var tokens = TokenBatch.Of(windows, PatchCut.Of(model.Config, options), method.Positions);
        var logits = method.ReadsNames ? _scratch.Get(Scratch.Slot.Logits, (long)tokens.Rows * batch[0].Picture.Labels.Logits.Stride) : null;
        var features = method is ILastBlockMethod attention
            ? model.Vision.Forward(windows, tokens, attention, cancellationToken, trunk)
            : Features(windows, tokens, (IWindowMethod)method, labels, options, logits, batch[0].Picture.Labels.Logits.Stride, trunk, cancellationToken,
                takeRegions: (index, regions) => batch[index].Picture.Labels.Regions = regions);
        Add(batch, tokens, features, logits);
        batch.Clear();
    }

    /// <summary>The features of a method over several blocks, <c>[R, embedding size]</c>, and, where it reads names, the patches' logits, <c>[R, stride]</c>.</summary>
    private float* Features(
        PixelWindow[] windows, TokenBatch tokens, IWindowMethod method, LabelEmbeddings? labels, SegmentationOptions options, float* logits, int stride, SharedTrunk? trunk, CancellationToken cancellationToken,
        WatchedToken? watched = null, Action<int, PatchRegions>? takeRegions = null)
    {
        var (vision, config) = (model.Vision, model.Config);
        var outputs = vision.Outputs(windows, tokens, method.Outputs(config.Vision.Layers), cancellationToken, trunk);
        var all = vision.Together.Workspace.Get(Workspace.Part.Features, tokens.Rows, config.EmbeddingSize);
        vision.ForWindows(tokens, outputs, (index, blocks, outputOf) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (window, algebra) = (windows[index], (ManagedAlgebra)blocks.Algebra);
            var tower = new WindowTower(blocks, config, new(window.Height, window.Width), outputOf, () => model.Normalisation.Planes(window))
            {
                Patches = tokens.Patches,
                Positions = method.Positions,
                Watched = watched,
                LogitScale = (float)options.LogitScale,
                GivenNames = method.ReadsNames && labels is not null ? algebra.From(labels.Values, labels.ClassOfName.Length, labels.Dimension) : null,
            };
            var found = method.Features(tower);
            if (found.Regions is { } regions)
                takeRegions?.Invoke(index, regions);
            // Behind CLS.
            var first = (nint)tokens.FirstRow(index) + 1;
            algebra.Over(all + first * config.EmbeddingSize, found.Patches.Rows, config.EmbeddingSize, config.EmbeddingSize).Set(found.Patches);
            if (logits is null)
                return;
            var target = algebra.Over(logits + first * stride, found.Patches.Rows, stride, stride);
            // Lanes behind the last name are interpolated too, so they must hold numbers.
            target.Clear();
            target.ColumnRange(0, labels!.ClassOfName.Length).Set(method.Logits(tower, found));
        });
        return all;
    }

    /// <summary>Adds windows to their pictures, features brought to unit length.</summary>
    private void Add(List<(OpenPicture Picture, Window Window)> batch, TokenBatch tokens, float* features, float* logits)
    {
        var dimension = model.Config.EmbeddingSize;
        for (var i = 0; i < batch.Count; i++)
        {
            var (picture, gridHeight, gridWidth) = (batch[i].Picture, tokens.GridHeight(i), tokens.GridWidth(i));
            // Behind CLS.
            var first = (nint)tokens.FirstRow(i) + 1;
            var patches = features + first * dimension;
            for (var patch = 0; patch < gridHeight * gridWidth; patch++)
            {
                var feature = new Span<float>(patches + (nint)patch * dimension, dimension);
                TensorPrimitives.Divide(feature, TensorPrimitives.Norm<float>(feature), feature);
            }
            picture.View?.AddWindow(patches, gridHeight, gridWidth, batch[i].Window);
            picture.Input.Features?.Write(picture.Labels.Added, gridHeight, gridWidth, new ReadOnlySpan<float>(patches, gridHeight * gridWidth * dimension));
            if (logits is null)
                picture.Labels.AddWindow(patches, gridHeight, gridWidth, _scratch);
            else
                picture.Labels.AddLogits(logits + first * picture.Labels.Logits.Stride, gridHeight, gridWidth);
        }
    }

    private IDenseMethod Method(string name)
    {
        if (!_methods.TryGetValue(name, out var method))
            _methods.Add(name, method = DenseMethods.Create(name, model.Config));
        return method;
    }
}
