using Sclip.Segmentation.Attention;
using Sclip.Segmentation.TorchSharp.PostProcessing;
using Sclip.Segmentation.Windows;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>A picture on the device whose windows are under way.</summary>
internal sealed class OpenPicture
{
    // Interpolated windows are held for some at a time: each takes as much as a picture's part of the sum.
    private const long MostBytes = 256L << 20;
    private readonly LogitAccumulator? _sum;
    private Tensor? _whole;
    private int _given;

    public OpenPicture(SegmentationInput input, Tensor pixels, int names, PatchCut cut, SegmentationOptions options, bool areScores)
    {
        (Input, Pixels) = (input, pixels);
        var (height, width) = ((int)pixels.shape[1], (int)pixels.shape[2]);
        Windows = SlidingWindow.Cover(height, width, options.Crop, options.Stride);
        if (options.Crop > 0 || areScores)
            _sum = new LogitAccumulator(names, height, width, cut, pixels.device);
    }

    public SegmentationInput Input { get; }

    /// <summary>The normalised picture, <c>[3, height, width]</c>.</summary>
    public Tensor Pixels { get; }

    public Window[] Windows { get; }

    /// <summary>The regions of its patches; null where the method finds none.</summary>
    public PatchRegions? Regions { get; set; }

    /// <summary>What a method saw in the whole of it; null where none has looked.</summary>
    public float[]? Token { get; set; }

    /// <summary>Logits and relations of its windows, where a method changes them together.</summary>
    public List<(float[] Logits, float[] Relations)> Kept { get; } = [];

    /// <summary>The pixels of a window, <c>[3, height, width]</c>.</summary>
    public Tensor Cut(Window window) => Pixels.narrow(1, window.Y, window.Height).narrow(2, window.X, window.Width);

    /// <summary>Adds the patch logits of windows, <c>[windows, names, gridHeight, gridWidth]</c>.</summary>
    public void Add(Tensor patches, Window[] windows)
    {
        if (_sum is null)
        {
            // One window over the whole picture goes from its patches straight to the label map's size.
            _whole = patches[0].MoveToOuterDisposeScope();
            return;
        }
        var bytes = patches.shape[1] * windows[0].Height * windows[0].Width * sizeof(float);
        var step = (int)Math.Clamp(MostBytes / bytes, 1, windows.Length);
        for (var first = 0; first < windows.Length; first += step)
        {
            var count = Math.Min(step, windows.Length - first);
            _sum.Add(patches.narrow(0, first, count), windows.AsSpan(first, count));
        }
    }

    /// <summary>Gives features of the next windows, <c>[windows, patches, dimension]</c>, to who wants them.</summary>
    public void Give(Tensor features, int gridHeight, int gridWidth)
    {
        if (Input.Features is not { } sink)
            return;
        using var values = features.to(ScalarType.Float32).cpu().contiguous();
        var patches = values.data<float>().ToArray();
        var length = patches.Length / (int)values.shape[0];
        for (var first = 0; first < patches.Length; first += length)
            sink.Write(_given++, gridHeight, gridWidth, patches.AsSpan(first, length));
    }

    /// <summary>The averaged logits, <c>[names, *, *]</c>.</summary>
    public Tensor Average() => _sum?.Average() ?? _whole!;
}
