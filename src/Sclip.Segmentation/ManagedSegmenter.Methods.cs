using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
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
        if (model.Trained is IScoringSystem scoring)
        {
            Score(batch, scoring, labels, options, cancellationToken);
            batch.Clear();
            return;
        }
        // Padded windows go through the blocks one by one: others beside them would, too, and what becomes of a window must not hang on its neighbours.
        var cut = PatchCut.OfTokens(model, options);
        foreach (var group in batch.GroupBy(item => IsPadded(cut, item.Window.Height, item.Window.Width)))
            Compute([.. group], isPadded: group.Key, method, labels, options, trunk, cancellationToken);
        batch.Clear();
    }

    private void Compute(
        List<(OpenPicture Picture, Window Window)> batch, bool isPadded, IDenseMethod method, LabelEmbeddings labels, SegmentationOptions options, SharedTrunk? trunk, CancellationToken cancellationToken)
    {
        if (method is IPictureTokenMethod whole)
            foreach (var picture in batch.Select(item => item.Picture).Where(picture => picture.Token is null && picture.Labels.Windows.Count > 1))
                picture.Token = TokenOf(picture.Pixels(new Window(0, 0, picture.Input.Height, picture.Input.Width)), whole, options, cancellationToken);
        var windows = batch.Select(item => item.Picture.Pixels(item.Window)).ToArray();
        var (tokens, layout) = Layouts(windows, method, options);
        var logits = method.ReadsNames ? _scratch.Get(Scratch.Slot.Logits, (long)layout.Rows * batch[0].Picture.Labels.Logits.Stride) : null;
        var relations = method is IPictureMethod ? new float[windows.Length][] : null;
        var features = model.Trained is IFeatureSystem system ? Features(windows, tokens, system, cancellationToken)
            : method is ILastBlockMethod attention ? model.Vision.Forward(windows, tokens, attention, cancellationToken, trunk)
            : Features(windows, isPadded, tokens, layout, (IWindowMethod)method, labels, options, logits, batch[0].Picture.Labels.Logits.Stride, trunk, cancellationToken,
                tokenOf: index => batch[index].Picture.Token,
                relations: relations,
                takeRegions: (index, regions) => batch[index].Picture.Labels.Regions = regions);
        Add(batch, layout, features, logits, method, relations, cancellationToken);
    }

    /// <summary>How the model's tokens lie in windows, and how a method's features do.</summary>
    private (TokenBatch Tokens, TokenBatch Features) Layouts(PixelWindow[] windows, IDenseMethod method, SegmentationOptions options)
    {
        var (tokens, features) = (PatchCut.OfTokens(model, options), PatchCut.OfFeatures(model, options));
        var layout = TokenBatch.Of(windows, tokens, method.Positions);
        return (layout, features == tokens ? layout : TokenBatch.Of(windows, features));
    }

    /// <summary>The features of a method over several blocks, <c>[R, embedding size]</c>, and, where it reads names, the patches' logits, <c>[R, stride]</c>; R rows of the layout.</summary>
    private float* Features(
        PixelWindow[] windows, bool isPadded, TokenBatch tokens, TokenBatch layout, IWindowMethod method, LabelEmbeddings labels, SegmentationOptions options, float* logits, int stride, SharedTrunk? trunk, CancellationToken cancellationToken,
        WatchedToken? watched = null, Func<int, float[]?>? tokenOf = null, float[][]? relations = null, Action<int, PatchRegions>? takeRegions = null)
    {
        var (vision, config) = (model.Vision, model.Config);
        if (method.HoldsMaps)
            foreach (var window in windows)
                SegmentationChecks.AttentionMaps(window.Height, window.Width, tokens.Patches, options.Method);
        var outputs = isPadded ? null : vision.Outputs(windows, tokens, method.Outputs(config.Vision.Layers), cancellationToken, trunk);
        var all = vision.Together.Workspace.Get(Workspace.Part.Features, layout.Rows, config.EmbeddingSize);
        vision.ForWindows(tokens, outputs, (index, blocks, outputOf) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (window, algebra) = (windows[index], (ManagedAlgebra)blocks.Algebra);
            IReadOnlyList<Matrix>? own = null;
            var size = new WindowSize(tokens.Patches.Padded(window.Height), tokens.Patches.Padded(window.Width));
            var tower = new WindowTower(
                blocks, config, size, isPadded ? block => own![block] : outputOf,
                () => PixelPlanes.Pad(model.Normalisation.Planes(window), new(window.Height, window.Width), size))
            {
                Guide = _guide,
                Patches = tokens.Patches,
                Positions = method.Positions,
                Watched = watched,
                CancellationToken = cancellationToken,
                GivenNames = method.ReadsNames ? algebra.From(labels.Values, labels.ClassOfName.Length, labels.Dimension) : null,
                PictureToken = tokenOf?.Invoke(index) is { } token ? algebra.From(token, 1, token.Length) : null,
            };
            if (isPadded)
                own = tower.OutputsOver(tower.Pixels);
            var found = method.Features(tower);
            if (found.Regions is { } regions)
                takeRegions?.Invoke(index, regions);
            // Behind CLS.
            var (first, patches) = ((nint)layout.FirstRow(index) + 1, layout.Tokens(index) - 1);
            algebra.Over(all + first * config.EmbeddingSize, patches, config.EmbeddingSize, config.EmbeddingSize).Set(found.Patches);
            if (relations is not null)
                relations[index] = ((IPictureMethod)method).Relations(tower).ToArray();
            if (logits is null)
                return;
            var target = algebra.Over(logits + first * stride, patches, stride, stride);
            // Lanes behind the last name are interpolated too, so they must hold numbers.
            target.Clear();
            target.ColumnRange(0, labels.ClassOfName.Length).Set(method.Logits(tower, found));
        });
        return all;
    }

    /// <summary>What a method sees in a whole picture.</summary>
    private float[] TokenOf(PixelWindow picture, IPictureTokenMethod method, SegmentationOptions options, CancellationToken cancellationToken)
    {
        var (tokens, _) = Layouts([picture], method, options);
        SegmentationChecks.AttentionMaps(picture.Height, picture.Width, tokens.Patches, options.Method);
        float[] token = [];
        model.Vision.ForWindows(tokens, model.Vision.Outputs(new[] { picture }, tokens, method.Outputs(model.Config.Vision.Layers), cancellationToken), (_, blocks, outputOf) =>
            token = method.PictureToken(new WindowTower(blocks, model.Config, new(picture.Height, picture.Width), outputOf, () => model.Normalisation.Planes(picture))
            {
                Patches = tokens.Patches,
                Positions = method.Positions,
                CancellationToken = cancellationToken,
            }).ToArray());
        return token;
    }

    /// <summary>Adds windows to their pictures, features brought to unit length.</summary>
    private void Add(List<(OpenPicture Picture, Window Window)> batch, TokenBatch layout, float* features, float* logits, IDenseMethod method, float[][]? relations, CancellationToken cancellationToken)
    {
        var dimension = model.Config.EmbeddingSize;
        for (var i = 0; i < batch.Count; i++)
        {
            var (picture, gridHeight, gridWidth) = (batch[i].Picture, layout.GridHeight(i), layout.GridWidth(i));
            // Behind CLS.
            var first = (nint)layout.FirstRow(i) + 1;
            var patches = features + first * dimension;
            for (var patch = 0; patch < gridHeight * gridWidth; patch++)
            {
                var feature = new Span<float>(patches + (nint)patch * dimension, dimension);
                TensorPrimitives.Divide(feature, TensorPrimitives.Norm<float>(feature), feature);
            }
            picture.Inspection?.AddWindow(patches, gridHeight, gridWidth, batch[i].Window, layout.Patches);
            picture.Input.Features?.Write(picture.Labels.Added, gridHeight, gridWidth, new ReadOnlySpan<float>(patches, gridHeight * gridWidth * dimension));
            if (logits is null)
                picture.Labels.AddWindow(patches, gridHeight, gridWidth, _scratch);
            else if (relations is not null)
                AddTogether(picture, (IPictureMethod)method, logits + first * picture.Labels.Logits.Stride, relations[i], gridHeight, gridWidth, layout.Patches, cancellationToken);
            else
                picture.Labels.AddLogits(logits + first * picture.Labels.Logits.Stride, gridHeight, gridWidth);
        }
    }

    private static bool IsPadded(PatchCut cut, int height, int width) => cut.Padded(height) != height || cut.Padded(width) != width;

    /// <summary>Takes a method in the place of the one of this name, as tests do.</summary>
    internal void Use(string name, IDenseMethod method) => _methods[name] = method;

    private IDenseMethod Method(string name)
    {
        if (!_methods.TryGetValue(name, out var method))
            _methods.Add(name, method = DenseMethods.Create(name, model));
        return method;
    }
}
