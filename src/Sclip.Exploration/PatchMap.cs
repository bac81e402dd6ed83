using Sclip.Imaging;

namespace Sclip.Exploration;

/// <summary>Spreads values of patches, row by row, over the pixels that show them: each pixel takes its patch's.</summary>
internal static class PatchMap
{
    /// <param name="values">Values, <c>[gridHeight * gridWidth]</c>.</param>
    /// <param name="gridHeight">Rows of patches.</param>
    /// <param name="gridWidth">Patches in a row.</param>
    /// <param name="rows">Rows of patches that the picture's height would hold, with the rest that fills none.</param>
    /// <param name="columns">Likewise of its width.</param>
    /// <param name="shown">The picture that they are drawn over.</param>
    public static T[] Over<T>(ReadOnlySpan<T> values, int gridHeight, int gridWidth, double rows, double columns, RgbImage shown)
    {
        var map = new T[shown.Width * shown.Height];
        for (var y = 0; y < shown.Height; y++)
        {
            var row = Math.Min((int)((y + 0.5) * rows / shown.Height), gridHeight - 1);
            for (var x = 0; x < shown.Width; x++)
                map[y * shown.Width + x] = values[row * gridWidth + Math.Min((int)((x + 0.5) * columns / shown.Width), gridWidth - 1)];
        }
        return map;
    }
}
