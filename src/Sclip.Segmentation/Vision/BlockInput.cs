using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Vision;

/// <summary>What a block's attention works on, each <c>[tokens, width]</c>, heads side by side.</summary>
/// <param name="Normed">norm1 of the block's input.</param>
/// <param name="Query">The queries.</param>
/// <param name="Key">The keys.</param>
/// <param name="Value">The values.</param>
internal sealed record BlockInput(Matrix Normed, Matrix Query, Matrix Key, Matrix Value);
