namespace Sclip.Segmentation.Attention;

/// <summary>
/// What attention of a block works on, all heads of all windows: X <c>[rows, width]</c>, q, k and v <c>[rows, 3 width]</c>, and X times
/// the projections, <c>[projections, rows, width]</c>.
/// </summary>
internal readonly unsafe struct BlockOperands(float* input, float* qkv, float* projected, int width, int headDimension, int rows)
{
    public float* Input { get; } = input;

    public float* Qkv { get; } = qkv;

    public float* Projected { get; } = projected;

    public int Width { get; } = width;

    public int HeadDimension { get; } = headDimension;

    /// <summary>Tokens of all windows.</summary>
    public int Rows { get; } = rows;
}
