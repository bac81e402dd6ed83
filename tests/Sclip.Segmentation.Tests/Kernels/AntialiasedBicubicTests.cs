using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Tests.Kernels;

public class AntialiasedBicubicTests
{
    [Fact]
    public void Half_the_size_takes_a_kernel_of_twice_the_width()
    {
        // The kernel of a = -0.5 at 0.25, 0.75 and 1.25, worked out by hand; of eight taps four lie inside.
        double[] kernel = [0.8671875, 0.8671875, 0.2265625, -0.0703125];
        var (first, weights) = AntialiasedBicubicResize.Weights(4, 2)[0];
        Assert.Equal(0, first);
        Assert.Equal(kernel.Select(value => value / kernel.Sum()), weights, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_map_of_the_same_size_stays_as_it_is()
    {
        float[] source = [.. Enumerable.Range(0, 2 * 3 * 4).Select(i => (float)Math.Sin(i))];
        var target = new float[source.Length];
        AntialiasedBicubicResize.Apply(source, 3, 2, 4, target, 3, 2);
        Assert.Equal(source, target);
    }

    [Theory]
    [InlineData(7, 3, 2, 5)]
    [InlineData(3, 8, 9, 2)]
    public void A_constant_map_stays_constant(int height, int width, int newHeight, int newWidth)
    {
        var source = Enumerable.Repeat(2.5f, height * width).ToArray();
        var target = new float[newHeight * newWidth];
        AntialiasedBicubicResize.Apply(source, height, width, 1, target, newHeight, newWidth);
        Assert.All(target, value => Assert.Equal(2.5f, value, 1e-5f));
    }

    [Fact]
    public void Rows_and_columns_are_not_taken_for_one_another()
    {
        // A ramp along the columns alone, grown: rows stay alike, and its middle a ramp.
        float[] source = [.. Enumerable.Range(0, 2 * 8).Select(i => (float)(i % 8))];
        var target = new float[4 * 16];
        AntialiasedBicubicResize.Apply(source, 2, 8, 1, target, 4, 16);
        for (var x = 5; x < 11; x++)
            for (var y = 0; y < 4; y++)
                Assert.Equal((x + 0.5f) / 2 - 0.5f, target[y * 16 + x], 1e-5f);
    }
}
