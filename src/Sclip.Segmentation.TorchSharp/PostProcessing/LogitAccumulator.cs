using Sclip.Segmentation.Windows;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.PostProcessing;

/// <summary>The logits of one picture's pixels, <c>[names, height, width]</c> in the size that the model sees: windows are added up, then averaged.</summary>
internal sealed class LogitAccumulator(int names, int height, int width, Device device)
{
    private readonly Tensor _sum = zeros(names, height, width, device: device);
    // Counted on the device: to bring numbers there would wait for all that it has to do before.
    private readonly Tensor _cover = zeros(height, width, device: device);

    /// <summary>Adds windows' patch logits <c>[windows, names, gridHeight, gridWidth]</c>, interpolated to their pixels.</summary>
    public void Add(Tensor patches, ReadOnlySpan<Window> windows)
    {
        using var _ = NewDisposeScope();
        var pixels = functional.interpolate(patches, [windows[0].Height, windows[0].Width], mode: InterpolationMode.Bilinear, align_corners: false);
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
