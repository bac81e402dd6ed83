using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems;

/// <summary>How a window becomes patches.</summary>
internal static class PatchRows
{
    /// <summary>The pixels of each patch, channel by channel, <c>[patches, 3 * patch * patch]</c>; what is left at the right and at the bottom is dropped.</summary>
    public static Matrix Of(SystemWindow window, int patch)
    {
        var (gridHeight, gridWidth) = (window.Size.Height / patch, window.Size.Width / patch);
        return window.Algebra.From(PatchPixels.Gather(window.Planes, window.Size.Width, gridHeight, gridWidth, patch), gridHeight * gridWidth, 3 * patch * patch);
    }
}
