using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;

namespace Sclip.Segmentation.Tests.Systems;

/// <summary>Attention whose queries are taken in pieces.</summary>
public sealed class MultiHeadAttentionTests
{
    // Somewhat more than one piece of 2^24 weights holds.
    private const int Tokens = 4100, Heads = 2, Size = 3, Width = Heads * Size;

    [Fact]
    public void Queries_of_all_pieces_look_at_all_keys()
    {
        using var threads = new Threads(2);
        using var algebra = new ManagedAlgebra(threads);
        float[] query = Random(1), key = Random(2), value = Random(3);
        var context = MultiHeadAttention.Context(Matrix(query), Matrix(key), Matrix(value), Heads).ToArray();
        foreach (var token in (int[])[0, 4090, 4092, Tokens - 1])
            for (var column = 0; column < Width; column++)
                Assert.Equal(Expected(token, column), context[token * Width + column], 1e-4);

        Matrix Matrix(float[] values) => algebra.From(values, Tokens, Width);

        double Expected(int token, int column)
        {
            var first = column / Size * Size;
            var weights = Enumerable.Range(0, Tokens)
                .Select(other => Math.Exp(Enumerable.Range(first, Size).Sum(k => query[token * Width + k] * (double)key[other * Width + k]) / Math.Sqrt(Size))).ToArray();
            return weights.Select((weight, other) => weight * value[other * Width + column]).Sum() / weights.Sum();
        }
    }

    private static float[] Random(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Tokens * Width).Select(_ => 4 * random.NextSingle() - 2)];
    }
}
