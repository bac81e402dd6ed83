using Iced.Intel;
using Sclip.Segmentation.Kernels.Bf16;

namespace Sclip.Segmentation.Tests.Kernels.Bf16;

/// <summary>The assembled micro-kernels against their twin where the processor has the instructions, and the twin against exact sums everywhere.</summary>
public unsafe class Bf16TileTests
{
    private const int Columns = Bf16Assembly.Columns;

    /// <summary>Rows of the tile.</summary>
    public static TheoryData<int> Tiles => [12, 6];

    [Theory]
    [MemberData(nameof(Tiles))]
    public void The_twin_agrees_with_exact_sums_of_rounded_numbers(int rows) => Try(rows, (a, b, c, steps, stride, accumulate) =>
    {
        var result = Run(Twin(rows), a, b, c, steps, stride, accumulate);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < Columns; column++)
            {
                var (sum, size) = accumulate ? ((double)c[row * stride + column], Math.Abs((double)c[row * stride + column])) : default;
                for (var depth = 0; depth < 2 * steps; depth++)
                {
                    var product = (double)At(a, rows, row, depth) * At(b, Columns, column, depth);
                    (sum, size) = (sum + product, size + Math.Abs(product));
                }
                // Each of the 2 steps sums is rounded once.
                Assert.Equal(sum, result[row * stride + column], size * 2 * (steps + 1) * Math.ScaleB(1, -24) + float.Epsilon);
            }
    });

    [Theory]
    [MemberData(nameof(Tiles))]
    public void The_assembled_kernel_agrees_with_its_twin(int rows)
    {
        SkipWithoutInstructions();
        Try(rows, (a, b, c, steps, stride, accumulate) =>
        {
            var (expected, actual) = (Run(Twin(rows), a, b, c, steps, stride, accumulate), Run(Assembled(rows), a, b, c, steps, stride, accumulate));
            for (var i = 0; i < expected.Length; i++)
            {
                var (row, column) = (i / stride, i % stride);
                // Processors may round a pair's products once or twice; all other than the tile is left alone.
                var size = column >= Columns || row >= rows ? 0 : Enumerable.Range(0, 2 * steps).Sum(depth => Math.Abs((double)At(a, rows, row, depth) * At(b, Columns, column, depth))) + Math.Abs((double)c[i]);
                Assert.Equal(expected[i], (double)actual[i], size * 2 * (steps + 1) * Math.ScaleB(1, -24));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void What_is_no_number_goes_through_the_twin_and_the_assembled_kernel_alike(int rows)
    {
        SkipWithoutInstructions();
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e-40f, -1e-40f, float.MaxValue, 1.5f];
        var (a, b) = (new float[rows * 2], new float[Columns * 2]);
        for (var i = 0; i < a.Length; i++)
            Set(a, i, odd[i % odd.Length]);
        for (var i = 0; i < b.Length; i++)
            Set(b, i, odd[i / 3 % odd.Length]);
        var c = Enumerable.Range(0, rows * Columns).Select(i => odd[i % odd.Length]).ToArray();
        Assert.Equal(Run(Twin(rows), a, b, c, 1, Columns, true), Run(Assembled(rows), a, b, c, 1, Columns, true));

        static void Set(float[] pairs, int index, float value)
        {
            fixed (float* target = pairs)
                ((ushort*)target)[index] = Rounding.Upper(BitConverter.SingleToUInt32Bits(value));
        }
    }

    [Theory]
    [MemberData(nameof(Tiles))]
    public void The_code_writes_to_no_register_that_its_caller_relies_on(int rows)
    {
        Register[] free = [Register.RAX, Register.RCX, Register.RDX, Register.RSI, Register.RDI, Register.R8, Register.R9, Register.R10, Register.R11, Register.RSP];
        var decoder = Decoder.Create(64, Bf16Assembly.Kernel(rows));
        var (factory, products, last) = (new InstructionInfoFactory(), 0, default(Instruction));
        foreach (var instruction in decoder)
        {
            Assert.False(instruction.IsInvalid);
            foreach (var used in factory.GetInfo(instruction).GetUsedRegisters())
                if (used.Access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite && !used.Register.IsVectorRegister())
                    Assert.Contains(used.Register.GetFullRegister(), free);
            products += instruction.Mnemonic == Mnemonic.Vdpbf16ps ? 1 : 0;
            last = instruction;
        }
        Assert.Equal(2 * rows, products);
        Assert.Equal(Mnemonic.Ret, last.Mnemonic);
    }

    [Fact]
    public void The_assembled_kernel_is_called_from_many_threads_while_garbage_is_collected()
    {
        SkipWithoutInstructions();
        var (a, b, c) = (Pairs(12 * 384, 1), Pairs(Columns * 384, 2), new float[12 * Columns]);
        var expected = Run(Assembled(12), a, b, c, 384, Columns, false);
        Parallel.For(0, 200, i =>
        {
            if (i % 20 == 0)
                GC.Collect();
            Assert.Equal(expected, Run(Assembled(12), a, b, c, 384, Columns, false));
        });
    }

    private static void SkipWithoutInstructions()
    {
        Assert.SkipUnless(Bf16Support.Lack is null, Bf16Support.Lack ?? "");
        Assert.SkipUnless(Bf16Tile.Refusal is null, Bf16Tile.Refusal ?? "");
    }

    private static delegate*<nint, float*, float*, float*, nint, bool, byte*, nint, void> Twin(int rows) => rows == 12 ? &Bf16Twin.Multiply12 : &Bf16Twin.Multiply6;

    private static delegate*<nint, float*, float*, float*, nint, bool, byte*, nint, void> Assembled(int rows) => rows == 12 ? &Bf16Tile.Multiply12 : &Bf16Tile.Multiply6;

    /// <summary>Random tiles: A, B, C, steps, C's stride, whether to add.</summary>
    private static void Try(int rows, Action<float[], float[], float[], int, int, bool> check)
    {
        var random = new Random(rows);
        foreach (var steps in (int[])[0, 1, 2, 3, 384, .. Enumerable.Range(0, 12).Select(_ => random.Next(4, 400))])
            foreach (var accumulate in (bool[])[false, true])
            {
                var stride = Columns + random.Next(9);
                check(Pairs(rows * steps, steps), Pairs(Columns * steps, steps + 1), Numbers(rows * stride + 8, steps + 2), steps, stride, accumulate);
            }
    }

    private static float[] Run(delegate*<nint, float*, float*, float*, nint, bool, byte*, nint, void> kernel, float[] a, float[] b, float[] c, int steps, int stride, bool accumulate)
    {
        var result = c.ToArray();
        // What is to be fetched next may be anywhere, or nowhere: it is never read.
        fixed (float* left = a, right = b, target = result)
            kernel(steps, left, right, target, stride, accumulate, (byte*)right, 64);
        return result;
    }

    private static float[] Pairs(int count, int seed)
    {
        var (numbers, pairs) = (Numbers(2 * count, seed), new float[count]);
        fixed (float* source = numbers, target = pairs)
            Rounding.Row(source, target, 2 * count);
        return pairs;
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() * 2 - 1)];
    }

    /// <summary>The number at a depth of a packed row or column.</summary>
    private static float At(float[] pairs, int lanes, int lane, int depth) =>
        Rounding.Widen(BitConverter.SingleToUInt32Bits(pairs[depth / 2 * lanes + lane]) >> (depth % 2 * 16) & 0xFFFF);
}
