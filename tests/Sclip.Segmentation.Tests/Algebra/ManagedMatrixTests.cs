using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Tests.Algebra;

/// <summary>What the managed engine's matrices have beside what every backend's have.</summary>
public sealed class ManagedMatrixTests
{
    /// <summary>Operations by row; matrices are large enough to be cut into bands.</summary>
    public static TheoryData<string> Operations => [.. ByRow.Keys];

    private static Dictionary<string, Func<Matrix, Matrix>> ByRow => new()
    {
        ["scale"] = x => x.Scale(0.3f, 0.1f),
        ["gelu"] = x => x.Apply(MatrixFunction.Gelu),
        ["softmax"] = x => x.Softmax(),
        ["sum"] = x => x + x.RowSums(),
        ["norms"] = x => x.RowNorms(),
        ["difference of a row"] = x => x - x.RowRange(3, 1),
        ["layer norm"] = x =>
        {
            using var norm = new ManagedLayers().Norm([.. Enumerable.Repeat(0.7f, x.Columns)], new float[x.Columns], 1e-5f);
            return norm.Apply(x);
        },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Threads_change_no_bit(string operation)
    {
        Assert.Equal(On(1), On(3));

        float[] On(int count)
        {
            using var threads = new Threads(count);
            using var algebra = new ManagedAlgebra(threads);
            var random = new Random(1);
            const int Rows = 611, Columns = 509;
            return ByRow[operation](algebra.From([.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextSingle() - 0.5f)], Rows, Columns)).ToArray();
        }
    }

    [Theory]
    [InlineData(-1, 1, 0, 1)]
    [InlineData(0, -1, 0, 1)]
    [InlineData(0, 1, -1, 1)]
    [InlineData(0, 1, 0, -1)]
    [InlineData(1, 2, 0, 1)]
    [InlineData(0, 1, 3, 1)]
    [InlineData(int.MaxValue, 1, 0, 1)]
    public void Parts_outside_are_refused(int firstRow, int rows, int firstColumn, int columns)
    {
        using var threads = new Threads(1);
        using var algebra = new ManagedAlgebra(threads);
        var matrix = algebra.Zeros(2, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Part(firstRow, rows, firstColumn, columns));
    }
}
