using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems.Eva;
using Sclip.Segmentation.Tests.GoldenVectors;

namespace Sclip.Segmentation.Tests.Systems;

/// <summary>On squares the golden vectors test them.</summary>
public sealed class RotaryPositionsTests : IDisposable
{
    private const int HeadSize = 16, Half = HeadSize / 2, Scale = 16;

    private readonly Threads _threads = new(1);
    private readonly ManagedAlgebra _algebra;

    public RotaryPositionsTests() => _algebra = new ManagedAlgebra(_threads);

    [Fact]
    public void On_a_rectangle_the_first_half_turns_with_the_row_and_the_second_with_the_column()
    {
        var rectangle = new RotaryPositions(_algebra, 3, 5, HeadSize, Scale);
        var (tall, wide) = (new RotaryPositions(_algebra, 3, 3, HeadSize, Scale), new RotaryPositions(_algebra, 5, 5, HeadSize, Scale));
        foreach (var (of, what) in ((Func<RotaryPositions, Matrix>, string)[])[(positions => positions.Cosine, "cosines"), (positions => positions.Sine, "sines")])
            for (var row = 0; row < 3; row++)
                for (var column = 0; column < 5; column++)
                {
                    float[] expected = [.. of(tall).Part(1 + row * 3, 1, 0, Half / 2).ToArray(), .. of(wide).Part(1 + column, 1, Half / 2, Half / 2).ToArray()];
                    Close.Assert(expected, of(rectangle).RowRange(1 + row * 5 + column, 1).ToArray(), 1e-6f, $"{what} of row {row}, column {column}");
                }
    }

    [Fact]
    public void Neighbours_turn_as_pairs_and_the_class_token_stays()
    {
        var positions = new RotaryPositions(_algebra, 2, 2, HeadSize, Scale);
        float[] head = [.. Enumerable.Range(1, HeadSize).Select(value => (float)value)];
        var turned = positions.Turn(_algebra.From([.. Enumerable.Repeat(RotaryPositions.PairsApart(head, 1, HeadSize), 5).SelectMany(values => values)], 5, HeadSize));
        Close.Assert(RotaryPositions.PairsApart(head, 1, HeadSize), turned.RowRange(0, 1).ToArray(), 0, "class token");
        // The last patch lies half the scale down and half of it to the right.
        var expected = new float[HeadSize];
        for (var i = 0; i < Half; i++)
        {
            var angle = Scale / 2 * Math.Pow(10_000, -2.0 * (i % (Half / 2)) / Half);
            expected[2 * i] = (float)(head[2 * i] * Math.Cos(angle) - head[2 * i + 1] * Math.Sin(angle));
            expected[2 * i + 1] = (float)(head[2 * i + 1] * Math.Cos(angle) + head[2 * i] * Math.Sin(angle));
        }
        Close.Assert(RotaryPositions.PairsApart(expected, 1, HeadSize), turned.RowRange(4, 1).ToArray(), 1e-5f, "last patch");
    }

    public void Dispose()
    {
        _algebra.Dispose();
        _threads.Dispose();
    }
}
