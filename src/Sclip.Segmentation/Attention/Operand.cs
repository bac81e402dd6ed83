namespace Sclip.Segmentation.Attention;

/// <summary>One head's part of a token matrix: <c>[tokens, head_dim]</c>, rows <paramref name="Stride"/> floats apart.</summary>
internal readonly unsafe record struct Operand(nint Address, int Stride)
{
    public float* Pointer => (float*)Address;
}
