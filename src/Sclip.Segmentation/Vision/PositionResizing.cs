namespace Sclip.Segmentation.Vision;

/// <summary>How position embeddings come to a grid other than the native one; methods differ in it as their authors' code does.</summary>
internal enum PositionResizing
{
    /// <summary>Bicubic, by factors a tenth of a patch too large; grids of as many patches as the native one take its positions as they are (SCLIP).</summary>
    Bicubic,

    /// <summary>Bicubic, by the two sizes (trained systems, DINOv2).</summary>
    BicubicExact,

    /// <summary>Bilinear (CLIP Surgery).</summary>
    Bilinear,

    /// <summary>Bicubic with antialiasing, to the exact grid (GEM).</summary>
    BicubicAntialiased,
}
