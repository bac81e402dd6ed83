using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>A method that puts a window's dense features together out of several blocks, on matrices; it runs on every backend.</summary>
internal interface IWindowMethod : IDenseMethod
{
    /// <summary>Whether it holds maps of all tokens by all tokens, which large windows have no memory for.</summary>
    bool HoldsMaps => true;

    /// <summary>The dense features of a window, not of unit length.</summary>
    WindowFeatures Features(WindowTower window);

    /// <summary>
    /// The logits of the patches, <c>[patches, names]</c>; cosines but for methods that read names (<see cref="IDenseMethod.ReadsNames"/>), which alone
    /// are asked.
    /// </summary>
    Matrix Logits(WindowTower window, WindowFeatures features) => features.Patches.UnitRows().TimesTransposed(window.Names);
}
