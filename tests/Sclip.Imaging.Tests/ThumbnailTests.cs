namespace Sclip.Imaging.Tests;

public sealed class ThumbnailTests
{
    [Theory]
    [InlineData(400, 300, 100, 100, 75)]
    [InlineData(300, 400, 100, 75, 100)]
    [InlineData(50, 40, 100, 50, 40)]
    [InlineData(5000, 3, 100, 100, 1)]
    [InlineData(101, 101, 100, 100, 100)]
    public void The_long_side_shrinks_to_what_is_asked_and_the_shape_stays(int width, int height, int side, int newWidth, int newHeight)
    {
        var small = Thumbnail.Of(Gray(width, height, (_, _) => 90), side);
        Assert.Equal((newWidth, newHeight), (small.Width, small.Height));
        Assert.All(small.Pixels, value => Assert.Equal(90, value));
        var (labels, labelWidth, labelHeight) = Thumbnail.Of(Enumerable.Repeat((ushort)7, width * height).ToArray(), width, height, side);
        Assert.Equal((newWidth, newHeight), (labelWidth, labelHeight));
        Assert.All(labels, label => Assert.Equal(7, label));
    }

    [Fact]
    public void A_fine_pattern_becomes_its_mean_and_no_other_pattern()
    {
        var small = Thumbnail.Of(Gray(640, 640, (x, y) => (x + y) % 2 == 0 ? 0 : 200), 80);
        Assert.All(small.Pixels, value => Assert.InRange(value, 99, 101));
    }

    [Fact]
    public void Labels_keep_their_places()
    {
        var map = Enumerable.Range(0, 100 * 60).Select(i => (ushort)(i % 100 < 50 ? 1 : i / 100 < 30 ? 2 : 300)).ToArray();
        var (labels, width, height) = Thumbnail.Of(map, 100, 60, 10);
        Assert.Equal((10, 6), (width, height));
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                Assert.Equal(x < 5 ? 1 : y < 3 ? 2 : 300, labels[y * width + x]);
    }

    [Fact]
    public void A_side_of_nothing_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Thumbnail.Of(Gray(4, 4, (_, _) => 1), 0));

    private static RgbImage Gray(int width, int height, Func<int, int, int> value)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)value(i / 3 % width, i / 3 / width);
        return new RgbImage(width, height, pixels);
    }
}
