using Sclip.Segmentation.Attention;
using Sclip.Segmentation.TorchSharp.PostProcessing;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>How the logits of a picture's windows are changed together: on the host, since it is a graph of patches that they are changed by.</summary>
public sealed partial class TorchSegmenter
{
    /// <summary>Adds the logits of all windows of a picture to it, as the method changes them.</summary>
    private void AddTogether(OpenPicture picture, IPictureMethod method, TorchLabels names, PatchCut cut, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        // All windows of a picture are of one size.
        var (windows, gridHeight, gridWidth) = (picture.Windows, cut.Along(picture.Windows[0].Height), cut.Along(picture.Windows[0].Width));
        var refined = method.Refine(
            [.. picture.Kept.SelectMany(window => window.Logits)], names.Names, [.. picture.Kept.SelectMany(window => window.Relations)], windows, cut, _host, cancellationToken);
        var patches = tensor(refined, [windows.Length, gridHeight * gridWidth, names.Names]).to(_device.Device);
        picture.Add(patches.transpose(1, 2).reshape(windows.Length, names.Names, gridHeight, gridWidth), windows);
    }
}
