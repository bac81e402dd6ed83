using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.TorchSharp.PostProcessing;
using Sclip.Segmentation.TorchSharp.Vision;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>How windows go through a dense method.</summary>
public sealed partial class TorchSegmenter
{
    /// <summary>What the method makes of the batch's windows, which are of one size: to the pictures' logits, and to whoever wants features.</summary>
    private void Forward((OpenPicture Picture, Window[] Windows)[] batch, DeviceMethod method, TorchLabels names, SegmentationOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        BeforeForward?.Invoke(batch.Sum(item => item.Windows.Length));
        if (_trained is IScoringSystem scoring)
        {
            Score(batch, scoring, names, options, cancellationToken);
            return;
        }
        if (method.Method is IPictureTokenMethod whole)
            foreach (var picture in batch.Select(item => item.Picture).Where(picture => picture.Token is null && picture.Windows.Length > 1))
                picture.Token = TokenOf(picture.Pixels, whole, options, cancellationToken);
        var windows = stack(batch.SelectMany(item => item.Windows.Select(item.Picture.Cut)).ToArray(), 0);
        TorchMetrics.BatchFill.Record(Math.Min((double)windows.shape[0] / Batch, 1), new KeyValuePair<string, object?>("hw.id", _device.Name));
        var cut = PatchCut.OfFeatures(_model, options);
        var (gridHeight, gridWidth) = (cut.Along((int)windows.shape[2]), cut.Along((int)windows.shape[3]));
        var (features, logits) = _trained is IFeatureSystem system ? (Features(windows, system, gridHeight * gridWidth, cancellationToken), null)
            : method.Attention is { } attention
            // Behind CLS.
            ? (_vision!.Forward(windows, cut, attention, cancellationToken).narrow(1, 1, gridHeight * gridWidth), null)
            : WindowByWindow(windows, [.. batch.SelectMany(item => item.Windows.Select(_ => item.Picture))], (IWindowMethod)method.Method, gridHeight * gridWidth, names, options, cancellationToken);
        features = features.div(features.norm(2, keepdim: true));
        logits ??= nn.functional.linear(features, names.Embeddings);
        var patches = logits.transpose(1, 2).reshape(windows.shape[0], names.Names, gridHeight, gridWidth);
        long first = 0;
        foreach (var (picture, own) in batch)
        {
            if (method.Method is not IPictureMethod)
                picture.Add(patches.narrow(0, first, own.Length), own);
            picture.Give(features.narrow(0, first, own.Length), gridHeight, gridWidth);
            first += own.Length;
        }
    }

    /// <summary>
    /// The features of a method over several blocks, <c>[windows, patches, embedding size]</c>, and, where it reads names, the patches' logits, <c>[windows,
    /// patches, names]</c>. The blocks are computed for all windows together, and what the method makes of them for each by itself.
    /// </summary>
    private (Tensor Features, Tensor? Logits) WindowByWindow(
        Tensor windows, OpenPicture[] pictures, IWindowMethod method, int patches, TorchLabels names, SegmentationOptions options, CancellationToken cancellationToken)
    {
        var (config, cut) = (_model.Config, PatchCut.OfTokens(_model, options));
        if (method.HoldsMaps)
            SegmentationChecks.AttentionMaps((int)windows.shape[2], (int)windows.shape[3], cut, options.Method);
        var padded = Pad(windows, cut);
        var size = new WindowSize((int)padded.shape[2], (int)padded.shape[3]);
        var outputs = _vision!.Outputs(padded, cut, method.Positions, method.Outputs(config.Vision.Layers), cancellationToken);
        var features = empty([windows.shape[0], patches, config.EmbeddingSize], device: windows.device);
        var logits = method.ReadsNames ? empty([windows.shape[0], patches, names.Names], device: windows.device) : null;
        for (var i = 0; i < windows.shape[0]; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (index, algebra) = (i, _algebra);
            var tower = new WindowTower(_blocks!, config, size, block => algebra.Of(outputs[block][index]), () => algebra.Of(padded[index].view(3, -1)).ToArray())
            {
                Guide = _guide,
                Patches = cut,
                Positions = method.Positions,
                CancellationToken = cancellationToken,
                GivenNames = method.ReadsNames ? algebra.Of(names.Embeddings) : null,
                PictureToken = pictures[i].Token is { } token ? algebra.From(token, 1, token.Length) : null,
            };
            var found = method.Features(tower);
            algebra.Of(features[index]).Set(found.Patches);
            if (found.Regions is { } regions)
                pictures[i].Regions = regions;
            if (logits is null)
                continue;
            var own = method.Logits(tower, found);
            algebra.Of(logits[index]).Set(own);
            if (method is IPictureMethod together)
                pictures[i].Kept.Add((own.ToArray(), together.Relations(tower).ToArray()));
        }
        return (features, logits);
    }

    /// <summary>What a method sees in a whole picture, <c>[3, height, width]</c>.</summary>
    private float[] TokenOf(Tensor pixels, IPictureTokenMethod method, SegmentationOptions options, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (cut, size) = (PatchCut.OfTokens(_model, options), new WindowSize((int)pixels.shape[1], (int)pixels.shape[2]));
        SegmentationChecks.AttentionMaps(size.Height, size.Width, cut, options.Method);
        var outputs = _vision!.Outputs(pixels.unsqueeze(0), cut, method.Positions, method.Outputs(_model.Config.Vision.Layers), cancellationToken);
        return method.PictureToken(new WindowTower(_blocks!, _model.Config, size, block => _algebra.Of(outputs[block][0]), () => _algebra.Of(pixels.view(3, -1)).ToArray())
        {
            Patches = cut,
            Positions = method.Positions,
            CancellationToken = cancellationToken,
        }).ToArray();
    }

    /// <summary>Windows in the middle of zeros, which are the mean colour, where a method has them padded.</summary>
    private static Tensor Pad(Tensor windows, PatchCut cut)
    {
        var (height, width) = ((int)windows.shape[2], (int)windows.shape[3]);
        if (cut.Padded(height) == height && cut.Padded(width) == width)
            return windows;
        var padded = zeros([windows.shape[0], 3, cut.Padded(height), cut.Padded(width)], device: windows.device);
        padded.narrow(2, cut.Before(height), height).narrow(3, cut.Before(width), width).copy_(windows);
        return padded;
    }

    /// <summary>Takes a method in the place of the one of this name, as tests do.</summary>
    internal void Use(string name, IDenseMethod method) =>
        _methods[name] = new(method, method is ILastBlockMethod last ? new TorchAttention(last, _model.Config.Vision.Width, _model.Tensors, _device.Device, _type) : null);

    private DeviceMethod Method(string name)
    {
        if (!_methods.ContainsKey(name))
            Use(name, DenseMethods.Create(name, _model));
        return _methods[name];
    }

    /// <summary>A dense method, and how the last block attends on the device where that is all of it.</summary>
    private sealed record DeviceMethod(IDenseMethod Method, TorchAttention? Attention);
}
