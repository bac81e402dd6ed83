using Sclip.Segmentation.Windows;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.PostProcessing;

/// <summary>The logits of one picture's pixels, <c>[names, height, width]</c> in the size that the model sees: windows are added up, then averaged.</summary>
internal sealed class LogitAccumulator(int names, int height, int width, Device device)
{
    private readonly Tensor _sum = zeros(names, height, width, device: device);
    private readonly int[] _coverRows = new int[height], _coverColumns = new int[width];
    private readonly HashSet<(int, int)> _rows = [], _columns = [];

    /// <summary>Adds windows' patch logits <c>[windows, names, gridHeight, gridWidth]</c>, interpolated to their pixels.</summary>
    public void Add(Tensor patches, ReadOnlySpan<Window> windows)
    {
        using var _ = NewDisposeScope();
        var pixels = functional.interpolate(patches, [windows[0].Height, windows[0].Width], mode: InterpolationMode.Bilinear, align_corners: false);
        for (var i = 0; i < windows.Length; i++)
        {
            var window = windows[i];
            _sum.narrow(1, window.Y, window.Height).narrow(2, window.X, window.Width).add_(pixels[i]);
            Cover(_rows, _coverRows, window.Y, window.Height);
            Cover(_columns, _coverColumns, window.X, window.Width);
        }
    }

    /// <summary>The average; windows lie on a grid, so that the number over a pixel is that of its row times that of its column.</summary>
    public Tensor Average()
    {
        using var scope = NewDisposeScope();
        float[] rows = [.. _coverRows.Select(count => (float)count)], columns = [.. _coverColumns.Select(count => (float)count)];
        _sum.div_(tensor(rows, [1, height, 1]).to(device) * tensor(columns, [1, 1, width]).to(device));
        return _sum;
    }

    private static void Cover(HashSet<(int, int)> seen, int[] cover, int start, int length)
    {
        if (!seen.Add((start, length)))
            return;
        foreach (ref var count in cover.AsSpan(start, length))
            count++;
    }
}
