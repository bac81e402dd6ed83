using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>Zeros around a window whose sides are no multiple of a patch; the odd pixel comes at the right and at the bottom, as in TCL's code.</summary>
/// <param name="height">Rows of the window.</param>
/// <param name="width">Its columns.</param>
/// <param name="patch">Side of a patch in pixels.</param>
internal readonly struct PatchPadding(int height, int width, int patch)
{
    /// <summary>Patches from top to bottom, those that are padded included.</summary>
    public int GridHeight => (height + patch - 1) / patch;

    /// <summary>Patches from left to right.</summary>
    public int GridWidth => (width + patch - 1) / patch;

    /// <summary>Rows with the padding.</summary>
    public int Height => GridHeight * patch;

    /// <summary>Columns with the padding.</summary>
    public int Width => GridWidth * patch;

    public bool IsNone => Height == height && Width == width;

    private int Top => (Height - height) / 2;

    private int Left => (Width - width) / 2;

    /// <summary>Planes <c>[3, height, width]</c> to <c>[3, Height, Width]</c>.</summary>
    public float[] Pad(float[] planes) => PixelPlanes.Pad(planes, new(height, width), new(Height, Width));

    /// <summary>Pixels <c>[Height, Width, channels]</c> to <c>[height, width, channels]</c>.</summary>
    public float[] Cut(float[] pixels, int channels)
    {
        var cut = new float[height * width * channels];
        for (var y = 0; y < height; y++)
            pixels.AsSpan(((Top + y) * Width + Left) * channels, width * channels).CopyTo(cut.AsSpan(y * width * channels));
        return cut;
    }
}
