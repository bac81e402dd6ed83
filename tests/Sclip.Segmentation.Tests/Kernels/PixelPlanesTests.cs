using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Tests.Kernels;

public class PixelPlanesTests
{
    // Three channels of two rows of three.
    private static readonly float[] Planes = [.. Enumerable.Range(0, 18).Select(i => (float)i)];
    private static readonly WindowSize Size = new(2, 3);

    [Fact]
    public void Rows_and_columns_turn_within_each_channel()
    {
        Assert.Equal([3, 4, 5, 0, 1, 2], PixelPlanes.FlipRows(Planes, Size)[..6]);
        Assert.Equal([2, 1, 0, 5, 4, 3], PixelPlanes.FlipColumns(Planes, Size)[..6]);
        Assert.Equal([15, 16, 17, 12, 13, 14], PixelPlanes.FlipRows(Planes, Size)[12..]);
        Assert.Equal([14, 13, 12, 17, 16, 15], PixelPlanes.FlipColumns(Planes, Size)[12..]);
    }

    [Fact]
    public void Grey_is_the_same_in_all_channels()
    {
        var grey = PixelPlanes.Grey(Planes);
        Assert.Equal(0.2989f * 2 + 0.587f * 8 + 0.114f * 14, grey[2], 1e-5f);
        Assert.Equal(grey[..6], grey[6..12]);
        Assert.Equal(grey[..6], grey[12..]);
    }

    [Theory]
    [InlineData(12, 9)]
    [InlineData(6, 20)]
    [InlineData(3, 1)]
    public void Blur_weighs_a_mirrored_surrounding(int height, int width)
    {
        const int Radius = 5;
        var random = new Random(3);
        var planes = Enumerable.Range(0, 3 * height * width).Select(_ => (float)random.NextDouble()).ToArray();
        var blurred = PixelPlanes.Blur(planes, new(height, width), Radius, sigma: 5);
        for (var i = 0; i < planes.Length; i++)
        {
            var (plane, y, x) = (i / (height * width) * height * width, i / width % height, i % width);
            var (sum, weights) = (0.0, 0.0);
            for (var dy = -Radius; dy <= Radius; dy++)
                for (var dx = -Radius; dx <= Radius; dx++)
                {
                    var weight = Math.Exp(-(dy * dy + dx * dx) / 50.0);
                    sum += weight * planes[plane + Mirrored(y + dy, height) * width + Mirrored(x + dx, width)];
                    weights += weight;
                }
            Assert.Equal(sum / weights, blurred[i], 1e-5);
        }

        // Bounces off the first and the last position till it lies inside.
        static int Mirrored(int position, int size)
        {
            while (size > 1 && (position < 0 || position >= size))
                position = position < 0 ? -position : 2 * (size - 1) - position;
            return size > 1 ? position : 0;
        }
    }
}
