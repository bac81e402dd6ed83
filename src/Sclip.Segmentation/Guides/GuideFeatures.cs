using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Guides;

/// <summary>What a guide makes of a window.</summary>
/// <param name="Patches">Features of its patches, row by row, <c>[patches, width of the guide]</c>.</param>
/// <param name="GridHeight">Patches from top to bottom, of the guide's own size.</param>
/// <param name="GridWidth">Patches from left to right.</param>
internal sealed record GuideFeatures(Matrix Patches, int GridHeight, int GridWidth);
