using Sclip.Segmentation.Windows;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.PostProcessing;

/// <summary>The logits of one picture's pixels, <c>[names, height, width]</c> in the size that the model sees: windows are added up, then averaged.</summary>
/// <param name="names">Names.</param>
/// <param name="height">Rows of pixels.</param>
/// <param name="width">Columns.</param>
/// <param name="cut">How windows are cut into patches.</param>
/// <param name="device">Where it is.</param>
internal sealed class LogitAccumulator(int names, int height, int width, PatchCut cut, Device device)
{
    private readonly Tensor _sum = zeros(names, height, width, device: device);
    // Counted on the device: to bring numbers there would wait for all that it has to do before.
    private readonly Tensor _cover = zeros(height, width, device: device);

    /// <summary>Adds windows' patch logits <c>[windows, names, gridHeight, gridWidth]</c>, interpolated to their pixels.</summary>
    public void Add(Tensor patches, ReadOnlySpan<Window> windows)
    {
        using var _ = NewDisposeScope();
        var (rows, columns) = (windows[0].Height, windows[0].Width);
        // What a window was padded by is interpolated too, and left out.
        var pixels = functional.interpolate(patches, [cut.Padded(rows), cut.Padded(columns)], mode: InterpolationMode.Bilinear, align_corners: false)
            .narrow(2, cut.Before(rows), rows).narrow(3, cut.Before(columns), columns);
        for (var i = 0; i < windows.Length; i++)
        {
            var window = windows[i];
            _sum.narrow(1, window.Y, window.Height).narrow(2, window.X, window.Width).add_(pixels[i], Scalars.One);
            _cover.narrow(0, window.Y, window.Height).narrow(1, window.X, window.Width).add_(Scalars.One, Scalars.One);
        }
    }

    /// <summary>The sum over the number of windows of each pixel.</summary>
    public Tensor Average() => _sum.div_(_cover);
}
