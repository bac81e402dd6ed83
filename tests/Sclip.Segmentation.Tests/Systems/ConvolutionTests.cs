using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Tests.GoldenVectors;

namespace Sclip.Segmentation.Tests.Systems;

public sealed class ConvolutionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    // More than one band.
    [InlineData(45, 31)]
    public void Each_token_becomes_the_weighted_sum_of_its_nine_neighbours_zeros_around_the_grid(int height, int width)
    {
        const int Inputs = 3, Outputs = 5;
        var random = new Random(1);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        var (x, weight, bias) = (Values(height * width * Inputs), Values(Outputs * Inputs * 9), Values(Outputs));
        var expected = new float[height * width * Outputs];
        for (var y = 0; y < height; y++)
            for (var column = 0; column < width; column++)
                for (var output = 0; output < Outputs; output++)
                {
                    var sum = (double)bias[output];
                    for (var input = 0; input < Inputs; input++)
                        for (var dy = -1; dy <= 1; dy++)
                            for (var dx = -1; dx <= 1; dx++)
                                if (y + dy >= 0 && y + dy < height && column + dx >= 0 && column + dx < width)
                                    sum += weight[((output * Inputs + input) * 3 + dy + 1) * 3 + dx + 1] * x[((y + dy) * width + column + dx) * Inputs + input];
                    expected[(y * width + column) * Outputs + output] = (float)sum;
                }
        using var threads = new Threads(2);
        using var algebra = new ManagedAlgebra(threads);
        using var product = new ManagedLayers().Linear(Convolution.Arrange(weight, Outputs, Inputs), Outputs, 9 * Inputs, bias);
        var actual = new Convolution(product, Outputs, Inputs).Apply(algebra.From(x, height * width, Inputs), height, width);
        Close.Assert(expected, actual.ToArray(), 1e-5f, $"{height} x {width}");
    }

    [Fact]
    public void Rows_are_copied_by_their_numbers()
    {
        using var threads = new Threads(1);
        using var algebra = new ManagedAlgebra(threads);
        var x = algebra.From([1, 2, 3, 4, 5, 6], 3, 2);
        Assert.Equal([5, 6, 1, 2, 5, 6], x.TakeRows([2, 0, 2]).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => x.TakeRows([3]));
    }
}
