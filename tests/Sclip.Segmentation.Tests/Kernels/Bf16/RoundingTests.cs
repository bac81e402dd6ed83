using Sclip.Segmentation.Kernels.Bf16;

namespace Sclip.Segmentation.Tests.Kernels.Bf16;

public unsafe class RoundingTests
{
    public static TheoryData<int> Widths => KernelWidthTests.Widths;

    /// <summary>What lies on the edges, with its bf16.</summary>
    public static TheoryData<uint, ushort> Edges => new()
    {
        { 0x0000_0000, 0x0000 },
        { 0x8000_0000, 0x8000 },
        { 0x3F80_0000, 0x3F80 },
        { 0x3F80_7FFF, 0x3F80 },
        // Half way: to the even one, down and up.
        { 0x3F80_8000, 0x3F80 },
        { 0x3F81_8000, 0x3F82 },
        { 0xBF81_8000, 0xBF82 },
        { 0x3F80_8001, 0x3F81 },
        // The mantissa is full, and the exponent goes up.
        { 0x3FFF_8000, 0x4000 },
        // Numbers without a leading one, down to the least; the greatest of them becomes a normal one.
        { 0x0000_0001, 0x0000 },
        { 0x0000_8001, 0x0001 },
        { 0x0001_8000, 0x0002 },
        { 0x807F_FFFF, 0x8080 },
        { 0x7F7F_7FFF, 0x7F7F },
        { 0x7F7F_8000, 0x7F80 },
        { 0xFF7F_FFFF, 0xFF80 },
        { 0x7F80_0000, 0x7F80 },
        { 0xFF80_0000, 0xFF80 },
        // NaN whose payload stands in the lower bits alone, or in all.
        { 0x7F80_0001, 0x7FC0 },
        { 0xFF80_0001, 0xFFC0 },
        { 0x7FC0_0000, 0x7FC0 },
        { 0x7FFF_FFFF, 0x7FFF },
        { 0xFFFF_FFFF, 0xFFFF },
    };

    [Theory]
    [MemberData(nameof(Edges))]
    public void Edges_are_rounded_to_nearest_even_at_every_width(uint bits, ushort expected)
    {
        Assert.Equal(expected, Rounding.Upper(bits));
        // 65 of them, so that each width has whole vectors and a rest.
        foreach (var width in Widths.Select(row => row.Data))
            Assert.All(Round([.. Enumerable.Repeat(bits, 65)], width)[..65], upper => Assert.Equal(expected, upper));
    }

    [Fact]
    public void The_nearer_of_the_two_neighbours_is_taken()
    {
        foreach (var bits in Bits(20_000, seed: 1).Where(bits => float.IsFinite(BitConverter.UInt32BitsToSingle(bits))))
        {
            var (below, above) = (bits >> 16, (bits >> 16) + 1);
            double value = BitConverter.UInt32BitsToSingle(bits), toBelow = Math.Abs(value - Rounding.Widen(below)), toAbove = Math.Abs(Rounding.Widen(above) - value);
            var nearest = toBelow < toAbove || (toBelow == toAbove && below % 2 == 0) ? below : above;
            // Beyond the greatest number there is no neighbour to measure to: it is infinite from half way on.
            if (double.IsInfinity(toAbove))
                nearest = (bits & 0xFFFF) >= 0x8000 ? above : below;
            Assert.Equal(nearest, Rounding.Upper(bits));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_of_any_length_are_rounded_as_one_by_one_and_an_odd_row_is_filled_up(int width)
    {
        foreach (var length in (int[])[1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64, 197])
        {
            var bits = Bits(length, seed: length);
            var rounded = Round(bits, width);
            Assert.Equal(bits.Select(Rounding.Upper), rounded.Take(length));
            Assert.All(rounded[length..(length + length % 2)], upper => Assert.Equal(0, upper));
            Assert.All(rounded[(length + length % 2)..], upper => Assert.Equal(0xDEAD, upper));
        }
    }

    /// <summary>The row's bf16, and two behind it that nothing may be written to.</summary>
    private static ushort[] Round(uint[] bits, int width)
    {
        var target = new ushort[bits.Length + bits.Length % 2 + 2];
        target.AsSpan().Fill(0xDEAD);
        fixed (uint* source = bits)
        fixed (ushort* steps = target)
            Rounding.Row((float*)source, (float*)steps, bits.Length, width);
        return target;
    }

    /// <summary>Floats of all exponents, infinities and NaN among them.</summary>
    private static uint[] Bits(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(1L << 32))];
    }
}
