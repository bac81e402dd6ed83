namespace Sclip.Segmentation.Kernels.Bf16;

/// <summary>
/// The scalar twin of the micro-kernel of <c>vdpbf16ps</c>, and the same rounding: of each pair the later product is added first, each sum is
/// rounded once, and what is too small for a normal number is zero.
/// </summary>
internal static unsafe class Bf16Twin
{
    public static void Multiply12(nint steps, float* a, float* b, float* c, nint rowStride, bool accumulate, byte* _1, nint _2) =>
        Multiply(12, steps, (uint*)a, (uint*)b, c, rowStride, accumulate);

    public static void Multiply6(nint steps, float* a, float* b, float* c, nint rowStride, bool accumulate, byte* _1, nint _2) =>
        Multiply(6, steps, (uint*)a, (uint*)b, c, rowStride, accumulate);

    private static void Multiply(int rows, nint steps, uint* a, uint* b, float* c, nint rowStride, bool accumulate)
    {
        const int Columns = Bf16Assembly.Columns;
        for (var row = 0; row < rows; row++, c += rowStride)
        {
            if (!accumulate)
                new Span<float>(c, Columns).Clear();
            for (nint step = 0; step < steps; step++)
            {
                var pair = a[step * rows + row];
                var (early, late) = (Low(pair), High(pair));
                for (var column = 0; column < Columns; column++)
                {
                    var other = b[step * Columns + column];
                    c[column] = Normal(MathF.FusedMultiplyAdd(early, Low(other), Normal(MathF.FusedMultiplyAdd(late, High(other), Normal(c[column])))));
                }
            }
        }
    }

    private static float Low(uint pair) => Normal(Rounding.Widen(pair & 0xFFFF));

    private static float High(uint pair) => Normal(Rounding.Widen(pair >> 16));

    private static float Normal(float value) => float.IsSubnormal(value) ? MathF.CopySign(0, value) : value;
}
