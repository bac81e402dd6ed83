using System.Numerics.Tensors;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Inspection;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation;

/// <summary>How the engine shows what its labels are made of.</summary>
public sealed unsafe partial class ManagedSegmenter
{
    /// <summary>Labels one picture and keeps what its labels are made of; memory grows with classes times the label map, so that should be small.</summary>
    /// <param name="picture">The picture, resized already.</param>
    /// <param name="labels">Embeddings of the class names, of this model.</param>
    /// <param name="options">Method, windows and thresholds.</param>
    /// <param name="cancellationToken">Checked between windows, and between rows of the label map.</param>
    /// <exception cref="SegmentationException">The options do not fit the model, or the picture does not fit the options.</exception>
    public DenseOutputs Inspect(SegmentationInput picture, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default) =>
        InspectWithEach(picture, labels, [options], cancellationToken)[0];

    /// <summary>The outputs of <see cref="Inspect"/> with each of several configurations; what they have in common is computed once.</summary>
    /// <param name="picture">The picture, resized already.</param>
    /// <param name="labels">Embeddings of the class names, of this model.</param>
    /// <param name="configurations">Method, windows and thresholds of each configuration.</param>
    /// <param name="cancellationToken">Checked between windows, and between rows of the label map.</param>
    /// <returns>One a configuration, in the order given.</returns>
    /// <exception cref="SegmentationException">The options do not fit the model, or the picture does not fit the options.</exception>
    public IReadOnlyList<DenseOutputs> InspectWithEach(
        SegmentationInput picture, LabelEmbeddings labels, IReadOnlyList<SegmentationOptions> configurations, CancellationToken cancellationToken = default)
    {
        DenseOutputsBuilder[] inspections = [.. configurations.Select(options => new DenseOutputsBuilder(picture, PatchCut.Of(model.Config, options), model.Config.EmbeddingSize))];
        return [.. SegmentWithEach([picture], labels, configurations, inspections, cancellationToken).Zip(inspections, (results, inspection) => inspection.Build(results[0]))];
    }

    /// <summary>
    /// Shows where the patch at a pixel looks, by several methods. It is seen in the window that labelling would have it nearest the centre of
    /// (the whole picture where the crop is 0), since a patch can look no further than its window.
    /// </summary>
    /// <param name="picture">The picture, resized already.</param>
    /// <param name="x">Column of the pixel in the resized picture.</param>
    /// <param name="y">Row of the pixel in the resized picture.</param>
    /// <param name="labels">Embeddings of the class names, of this model; some methods look elsewhere for other names.</param>
    /// <param name="methods">Dense methods, by their registered names.</param>
    /// <param name="options">Windows.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <returns>One result a method, in the order given, all of the same window.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The pixel lies outside the picture.</exception>
    /// <exception cref="SegmentationException">The options do not fit the model, or the picture does not fit the options.</exception>
    public IReadOnlyList<PatchAttention> Attention(
        SegmentationInput picture, int x, int y, LabelEmbeddings labels, IReadOnlyList<string> methods, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, picture.Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, picture.Height);
        options.Validate();
        if (model.Config.OwnMethod is { } own)
            throw new SegmentationException(NoAttention(own));
        SegmentationChecks.Labels(labels, model.Config, options);
        var window = SlidingWindow.Cover(picture.Height, picture.Width, options.Crop, options.Stride)
            .Where(window => y >= window.Y && y < window.Y + window.Height && x >= window.X && x < window.X + window.Width)
            .MinBy(window => Square(2 * (x - window.X) - window.Width) + Square(2 * (y - window.Y) - window.Height));
        PixelWindow[] windows = [new PixelWindow(picture.Rgb, picture.Width, window.Y, window.X, window.Height, window.Width)];
        return [.. methods.Select(method =>
        {
            // What padding adds is no part of the picture that could be shown.
            var (cut, patches) = (PatchCut.Of(model.Config, options), PatchCut.OfFeatures(model, options with { Method = method }) with { PadTo = 1 });
            var (tokens, layout) = (TokenBatch.Of(windows, cut, Method(method).Positions), TokenBatch.Of(windows, patches));
            var (gridHeight, gridWidth) = (layout.GridHeight(0), layout.GridWidth(0));
            var at = DenseOutputsBuilder.PatchAt(y - window.Y + 0.5, x - window.X + 0.5, gridHeight, gridWidth, patches);
            var shares = MeanOfHeads(AttentionWeights(windows, tokens, layout, Method(method), labels, options with { Method = method }, 1 + at, cancellationToken), layout.Rows);
            return new PatchAttention
            {
                Method = method,
                Patches = patches,
                X = window.X,
                Y = window.Y,
                Width = patches.Span(gridWidth),
                Height = patches.Span(gridHeight),
                GridHeight = gridHeight,
                GridWidth = gridWidth,
                Patch = at,
                Weights = shares[1..],
                ClassToken = shares[0],
            };
        })];
    }

    /// <summary>The weights of one token of the only window, of each head or summed up over heads.</summary>
    private ReadOnlySpan<float> AttentionWeights(PixelWindow[] windows, TokenBatch tokens, TokenBatch layout, IDenseMethod method, LabelEmbeddings labels, SegmentationOptions options, int token, CancellationToken cancellationToken)
    {
        if (method is ILastBlockMethod attention)
            return model.Vision.AttentionWeights(model.Vision.InputOfLastBlock(windows, tokens, cancellationToken), tokens, attention, token);
        var watched = new WatchedToken(token, layout.Rows);
        Features(windows, IsPadded(tokens.Patches, windows[0].Height, windows[0].Width), tokens, layout, (IWindowMethod)method, labels, options, null, 0, null, cancellationToken, watched);
        return watched.Weights;
    }

    private static long Square(long value) => value * value;

    /// <summary>[heads, tokens] to the share of each token in all; a method's weights may add up to more than 1.</summary>
    private static float[] MeanOfHeads(ReadOnlySpan<float> weights, int tokens)
    {
        var mean = new float[tokens];
        for (var i = 0; i < weights.Length; i += tokens)
            TensorPrimitives.Add(mean, weights.Slice(i, tokens), mean);
        TensorPrimitives.Divide(mean, TensorPrimitives.Sum<float>(mean), mean);
        return mean;
    }
}
