using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>What a window was grouped into.</summary>
/// <param name="Map">How much each patch is of each segment, <c>[patches, segments]</c>.</param>
/// <param name="GridHeight">Patches from top to bottom.</param>
/// <param name="GridWidth">Patches from left to right.</param>
/// <param name="Features">The segments' features, <c>[segments, embedding size]</c>.</param>
/// <param name="Picture">The whole window's, <c>[1, embedding size]</c>.</param>
internal sealed record Segments(Matrix Map, int GridHeight, int GridWidth, Matrix Features, Matrix Picture);
