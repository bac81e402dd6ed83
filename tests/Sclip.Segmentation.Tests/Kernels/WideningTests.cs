using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Tests.Kernels;

public unsafe class WideningTests
{
    // One more than all, so that some are left over behind the last vector.
    private const int All = 65536 + 1;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_half_becomes_the_float_of_its_value(bool vectors)
    {
        var widened = new float[All];
        fixed (ushort* source = Numbers())
        fixed (float* target = widened)
            Widening.Half(source, target, All, vectors);
        for (var i = 0; i < All; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            if (float.IsNaN(expected))
                Assert.True(float.IsNaN(widened[i]), $"half {i:x4}");
            else
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(widened[i]));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_bf16_is_the_upper_half_of_its_float(bool vectors)
    {
        var widened = new float[All];
        fixed (ushort* source = Numbers())
        fixed (float* target = widened)
            Widening.BFloat16(source, target, All, vectors);
        for (var i = 0; i < All; i++)
            Assert.Equal((uint)(ushort)i << 16, BitConverter.SingleToUInt32Bits(widened[i]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_signed_byte_is_multiplied(bool vectors)
    {
        sbyte[] bytes = [.. Enumerable.Range(-128, 256).Select(i => (sbyte)i), 5, -7, 9];
        var widened = new float[bytes.Length];
        fixed (sbyte* source = bytes)
        fixed (float* target = widened)
            Widening.Bytes(source, 0.37f, target, bytes.Length, vectors);
        Assert.Equal(bytes.Select(value => value * 0.37f), widened);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_value_that_is_not_finite_is_found_wherever_it_stands(bool vectors)
    {
        var values = new float[19];
        foreach (var odd in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, -0f])
        {
            for (var at = 0; at < values.Length; at++)
            {
                values.AsSpan().Fill(1.5f);
                values[at] = odd;
                fixed (float* pointer = values)
                    Assert.Equal(float.IsFinite(odd), Widening.AreFinite(pointer, values.Length, vectors));
            }
        }
    }

    private static ushort[] Numbers() => [.. Enumerable.Range(0, All).Select(i => (ushort)i)];
}
