using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Tests.Kernels;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Tests.Attention;

/// <summary>One head of the second of two windows, block of queries by block of queries, against double precision.</summary>
public sealed unsafe class HeadAttentionTests
{
    private const int Heads = 2, Sigma = 3;

    /// <summary>Patches of a window, of 2, 31, 32, 33, 65 and 197 tokens.</summary>
    private static readonly (int Height, int Width)[] Grids = [(1, 1), (5, 6), (1, 31), (8, 4), (4, 16), (7, 28)];

    private static readonly Dictionary<string, AttentionTerm[]> Methods = new()
    {
        ["q kT"] = [new((AttentionOperand.Query, AttentionOperand.Key))],
        ["q qT + k kT"] = [AttentionTerm.Self(AttentionOperand.Query), AttentionTerm.Self(AttentionOperand.Key)],
        ["0.5 v vT + 0.25 P1 P1T + 0.25 x xT"] =
            [AttentionTerm.Self(AttentionOperand.Value, 0.5f), AttentionTerm.Self(AttentionOperand.Projected, 0.25f, projection: 1), AttentionTerm.Self(AttentionOperand.Input, 0.25f)],
        ["1"] = [AttentionTerm.Identity],
        ["0.25 + 0.75 q kT"] = [AttentionTerm.Identity with { Share = 0.25f }, new((AttentionOperand.Query, AttentionOperand.Key), 0.75f)],
        ["0.75 q kT + 0.25"] = [new((AttentionOperand.Query, AttentionOperand.Key), 0.75f), AttentionTerm.Identity with { Share = 0.25f }],
        ["k kT + G"] = [AttentionTerm.Self(AttentionOperand.Key, neighbourhood: new NeighbourhoodBias(Sigma))],
    };

    public static TheoryData<string> Names => [.. Methods.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_and_context_of_every_block_of_queries_are_those_of_double_precision_at_every_width(string name)
    {
        foreach (var (height, width) in Grids)
            foreach (var headDimension in (int[])[6, 13, 64])
            {
                var batch = TokenBatch.Of([new PixelWindow(default, 0, 0, 0, 2, 3), new PixelWindow(default, 0, 0, 0, height, width)], PatchCut.Whole(1));
                using var block = new Block(batch.Rows, Heads * headDimension);
                var operands = new HeadOperands(block.Operands(headDimension), batch, window: 1, head: 1);
                var expected = Weights(operands, Methods[name]);
                foreach (var bits in (int[])[512, 256, 128, 0])
                    Compare(expected, operands, new Method(Methods[name]), GemmKernel.ForWidth(bits), $"{name}, {height} x {width} patches, head of {headDimension}, {bits} bits");
            }
    }

    private static void Compare(double[,] expected, HeadOperands operands, Method method, GemmKernel kernel, string what)
    {
        using var scratch = new Scratch();
        var (tokens, columns, stride) = (operands.Tokens, operands.HeadDimension, operands.HeadDimension + 3);
        var attention = new HeadAttention(operands, method, kernel, scratch);
        for (var first = 0; first < tokens; first += attention.Block)
        {
            var weights = attention.Weights(first);
            for (var query = first; query < Math.Min(tokens, first + attention.Block); query++)
                for (var token = 0; token < tokens; token++)
                    AssertClose(expected[query, token], weights[token * attention.Block + query - first], $"{what}: the weight of token {token} for {query}");
        }
        var context = Enumerable.Repeat(7f, tokens * stride).ToArray();
        fixed (float* target = context)
            attention.Attend(target, stride);
        for (var i = 0; i < context.Length; i++)
        {
            var (query, column) = Math.DivRem(i, stride);
            var sum = 7.0;
            if (column < columns)
            {
                sum = 0;
                for (var token = 0; token < tokens; token++)
                    sum += expected[query, token] * operands.Value.Pointer[token * operands.Value.Stride + column];
            }
            AssertClose(sum, context[i], $"{what}: column {column} of the context of {query}");
        }
    }

    private static double[,] Weights(HeadOperands operands, AttentionTerm[] terms)
    {
        var tokens = operands.Tokens;
        var weights = new double[tokens, tokens];
        foreach (var term in terms)
            for (var query = 0; query < tokens; query++)
            {
                if (term.Operands is not { } compared)
                {
                    weights[query, query] += term.Share;
                    continue;
                }
                var (a, b) = (operands.Of(compared.A, term), operands.Of(compared.B, term));
                var powers = new double[tokens];
                for (var token = 0; token < tokens; token++)
                {
                    var product = 0.0;
                    for (var d = 0; d < operands.HeadDimension; d++)
                        product += (double)a.Pointer[query * a.Stride + d] * b.Pointer[token * b.Stride + d];
                    powers[token] = Math.Exp(product / Math.Sqrt(operands.HeadDimension) + (term.Neighbourhood is null ? 0 : Nearness(query, token, operands.GridWidth)));
                }
                for (var token = 0; token < tokens; token++)
                    weights[query, token] += term.Share * powers[token] / powers.Sum();
            }
        return weights;
    }

    private static double Nearness(int token, int other, int gridWidth)
    {
        if (token == 0 || other == 0)
            return 0;
        var (y, x) = ((token - 1) / gridWidth - (other - 1) / gridWidth, (token - 1) % gridWidth - (other - 1) % gridWidth);
        return Math.Exp(-(x * x + y * y) / (2.0 * Sigma * Sigma));
    }

    private static void AssertClose(double expected, float actual, string what)
    {
        if (!(Math.Abs(expected - actual) <= 1e-5))
            Assert.Fail($"{what} is {actual}, expected {expected}.");
    }

    private sealed class Method(AttentionTerm[] terms) : ILastBlockMethod
    {
        public IReadOnlyList<AttentionTerm> Terms { get; } = terms;
    }

    /// <summary>Random operands of all heads of all windows.</summary>
    private sealed class Block(int rows, int width) : IDisposable
    {
        private readonly NativeBuffer _input = Fill(rows * width, 1), _qkv = Fill(3 * rows * width, 2), _projected = Fill(2 * rows * width, 3);

        public BlockOperands Operands(int headDimension) => new(_input.Pointer, _qkv.Pointer, _projected.Pointer, width, headDimension, rows);

        public void Dispose()
        {
            _input.Dispose();
            _qkv.Dispose();
            _projected.Dispose();
        }

        private static NativeBuffer Fill(int length, int seed)
        {
            var buffer = new NativeBuffer(length);
            Reference.Random(length, seed, 2).CopyTo(buffer.Span(0, length));
            return buffer;
        }
    }
}
