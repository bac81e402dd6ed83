using System.Collections.Concurrent;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Guides;

/// <summary>
/// A guide's positions, brought to a window's grid as the code does it that its kind was published with: DINO's takes bicubic factors a tenth of a patch too
/// large (facebookresearch/dino); Hugging Face's DINOv2 the exact ones; that with registers is antialiased, too, which matters where the grid shrinks.
/// </summary>
/// <param name="native"><c>[1 + native patches, width]</c>; CLS has the first.</param>
/// <param name="config">The architecture.</param>
internal sealed class GuidePositions(float[] native, GuideConfig config)
{
    // Whole pictures as windows come in many sizes.
    private const int MostKept = 16;

    private readonly ConcurrentDictionary<(int Rows, int Columns), float[]> _resized = [];

    /// <summary>That of CLS, <c>[width]</c>.</summary>
    public ReadOnlySpan<float> ClassToken => native.AsSpan(0, config.Width);

    /// <summary>Those of the patches of a grid, <c>[rows * columns, width]</c>.</summary>
    public ReadOnlySpan<float> Of(int rows, int columns)
    {
        if (rows == config.NativeGrid && columns == config.NativeGrid)
            return native.AsSpan(config.Width);
        if (_resized.Count >= MostKept)
            _resized.Clear();
        return _resized.GetOrAdd((rows, columns), Resize);
    }

    private float[] Resize((int Rows, int Columns) grid)
    {
        var (side, width, rows, columns) = (config.NativeGrid, config.Width, grid.Rows, grid.Columns);
        var resized = new float[rows * columns * width];
        var source = native.AsSpan(width);
        switch (config.Kind)
        {
            case GuideKind.Vit:
                BicubicResize.Apply(source, side, side, width, resized, rows, columns, (rows + 0.1) / side, (columns + 0.1) / side);
                break;
            case GuideKind.Dinov2:
                BicubicResize.Apply(source, side, side, width, resized, rows, columns, (double)rows / side, (double)columns / side);
                break;
            default:
                AntialiasedBicubicResize.Apply(source, side, side, width, resized, rows, columns);
                break;
        }
        return resized;
    }
}
