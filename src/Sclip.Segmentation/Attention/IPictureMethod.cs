using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Attention;

/// <summary>A method whose logits depend on all windows of a picture: those of each window are changed once all are there.</summary>
internal interface IPictureMethod : IWindowMethod
{
    /// <summary>What tells how a window's patches are related to others, <c>[patches, n]</c>.</summary>
    Matrix Relations(WindowTower window);

    /// <summary>The logits of all patches of a picture, window by window, <c>[patches, names]</c>.</summary>
    /// <param name="logits">Those that each window has by itself, <c>[patches, names]</c>.</param>
    /// <param name="names">How many names there are.</param>
    /// <param name="relations">Relations of all windows, <c>[patches, n]</c>.</param>
    /// <param name="windows">The windows.</param>
    /// <param name="patches">How they are cut into patches.</param>
    /// <param name="threads">Where it runs.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    float[] Refine(float[] logits, int names, float[] relations, IReadOnlyList<Window> windows, PatchCut patches, Threads threads, CancellationToken cancellationToken);
}
