using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Attention;

/// <summary>What a method makes of a window.</summary>
/// <param name="Patches">Features of its patches, row by row, <c>[patches, embedding size]</c>.</param>
/// <param name="ClassToken">That of CLS, <c>[1, embedding size]</c>; null where the method has none.</param>
/// <param name="Regions">The regions of its patches; null but for methods that find them (<see cref="IDenseMethod.FindsRegions"/>).</param>
internal sealed record WindowFeatures(Matrix Patches, Matrix? ClassToken = null, PatchRegions? Regions = null)
{
    /// <summary>Of all tokens, CLS in front.</summary>
    public static WindowFeatures OfTokens(Matrix tokens) => new(tokens.RowsFrom(1), tokens.RowRange(0, 1));
}
