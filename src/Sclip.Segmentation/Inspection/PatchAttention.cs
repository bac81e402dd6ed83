namespace Sclip.Segmentation;

/// <summary>Where one patch looks in the last block, by one dense method: its attention weights, the mean over the heads, as shares of their sum.</summary>
public sealed class PatchAttention
{
    /// <summary>The dense method.</summary>
    public required string Method { get; init; }

    /// <summary>How the window is cut into the patches.</summary>
    public required PatchCut Patches { get; init; }

    /// <summary>Left edge of the window that is attended to, in pixels of the resized picture.</summary>
    public required int X { get; init; }

    /// <summary>Its upper edge.</summary>
    public required int Y { get; init; }

    /// <summary>Its width in pixels: that of whole patches.</summary>
    public required int Width { get; init; }

    /// <summary>Its height in pixels likewise.</summary>
    public required int Height { get; init; }

    /// <summary>Rows of patches.</summary>
    public required int GridHeight { get; init; }

    /// <summary>Patches in a row.</summary>
    public required int GridWidth { get; init; }

    /// <summary>The patch that looks: its index, row by row.</summary>
    public required int Patch { get; init; }

    /// <summary>Shares of the patches, <c>[GridHeight * GridWidth]</c>; with <see cref="ClassToken"/> their sum is 1.</summary>
    public required float[] Weights { get; init; }

    /// <summary>Share of the CLS token, which stands for the whole window.</summary>
    public required float ClassToken { get; init; }
}
