using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Exploration;

/// <summary>Spreads values of patches, row by row, over the pixels that show them: each pixel takes the nearest patch's.</summary>
internal static class PatchMap
{
    /// <param name="values">Values, <c>[gridHeight * gridWidth]</c>.</param>
    /// <param name="gridHeight">Rows of patches.</param>
    /// <param name="gridWidth">Patches in a row.</param>
    /// <param name="patches">How they were cut.</param>
    /// <param name="height">Rows of the pixels that they were cut of, with the rest that fills none.</param>
    /// <param name="width">Columns likewise.</param>
    /// <param name="shown">The picture that they are drawn over.</param>
    public static T[] Over<T>(ReadOnlySpan<T> values, int gridHeight, int gridWidth, PatchCut patches, int height, int width, RgbImage shown)
    {
        var map = new T[shown.Width * shown.Height];
        for (var y = 0; y < shown.Height; y++)
        {
            var row = patches.At((y + 0.5) * height / shown.Height, gridHeight);
            for (var x = 0; x < shown.Width; x++)
                map[y * shown.Width + x] = values[row * gridWidth + patches.At((x + 0.5) * width / shown.Width, gridWidth)];
        }
        return map;
    }
}
