using Sclip.Imaging.Resizing;

namespace Sclip.Imaging.Tests;

public class ResizeTests
{
    [Theory]
    [InlineData(500, 375, 336, 448, 336)]
    [InlineData(375, 500, 336, 336, 448)]
    [InlineData(4000, 300, 336, 2048, 154)]
    [InlineData(100, 100, 336, 336, 336)]
    [InlineData(1, 1, 336, 336, 336)]
    [InlineData(2000, 3, 336, 2048, 32)]
    [InlineData(1, 2000, 336, 32, 2048)]
    [InlineData(5000, 4, 24, 2048, 24)]
    [InlineData(4000, 63, 336, 2048, 32)]
    [InlineData(333, 500, 560, 560, 841)]
    public void The_short_side_decides_unless_the_long_one_would_exceed_2048_and_none_is_thinner_than_a_patch(int width, int height, int shortSide, int newWidth, int newHeight)
    {
        var resized = ImageResizer.ShortSide(Noise(width, height), shortSide);
        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
    }

    [Fact]
    public void Nothing_is_done_to_a_picture_that_has_the_size()
    {
        var image = Noise(40, 30);
        Assert.Same(image, ImageResizer.ShortSide(image, 0));
        Assert.Same(image, ImageResizer.ShortSide(image, 30));
    }

    [Theory]
    [InlineData(13, 7, 40, 21)]
    [InlineData(64, 48, 17, 9)]
    [InlineData(1, 1, 5, 5)]
    [InlineData(5, 9, 1, 1)]
    public void Pixels_are_the_formulas(int width, int height, int newWidth, int newHeight)
    {
        var image = Noise(width, height);
        var resized = ImageResizer.Resize(image, newWidth, newHeight);
        for (var y = 0; y < newHeight; y++)
            for (var x = 0; x < newWidth; x++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var expected = At(image, (x + 0.5) * width / newWidth - 0.5, (y + 0.5) * height / newHeight - 0.5, channel);
                    Assert.InRange(resized.Pixels[(y * newWidth + x) * 3 + channel] - expected, -0.5001, 0.5001);
                }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(2, 1)]
    [InlineData(7, 5)]
    [InlineData(31, 200)]
    [InlineData(500, 448)]
    public void Vectors_and_scalars_give_the_same_bits_across(int width, int newWidth)
    {
        var row = Noise(width, 1).Pixels;
        var random = new Random(newWidth);
        var taps = Enumerable.Range(0, newWidth).Select(x => x * width / newWidth).Select(x => new Tap(x * 3, Math.Min(x + 1, width - 1) * 3, random.NextSingle())).ToArray();
        var (vectors, scalars) = (new float[newWidth * 3 + 1], new float[newWidth * 3 + 1]);
        RgbRows.Across(row, taps, vectors);
        RgbRows.AcrossScalar(row, taps, scalars);
        Assert.Equal(scalars[..^1], vectors[..^1]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(57)]
    [InlineData(1344)]
    public void Vectors_and_scalars_give_the_same_bytes_down(int length)
    {
        var random = new Random(length);
        float[] Row() => [0, 255, .. Enumerable.Range(2, length - 1).Select(_ => random.NextSingle() * 255)];
        var (upper, lower, share) = (Row(), Row(), random.NextSingle());
        var (vectors, scalars) = (new byte[length], new byte[length]);
        RgbRows.Down(upper, lower, share, vectors);
        RgbRows.DownScalar(upper, lower, share, scalars);
        Assert.Equal(scalars, vectors);
    }

    private static double At(RgbImage image, double x, double y, int channel)
    {
        (x, y) = (Math.Clamp(x, 0, image.Width - 1), Math.Clamp(y, 0, image.Height - 1));
        var (left, top) = ((int)x, (int)y);
        double Pixel(int column, int row) => image.Pixels[(Math.Min(row, image.Height - 1) * image.Width + Math.Min(column, image.Width - 1)) * 3 + channel];
        return (Pixel(left, top) * (left + 1 - x) + Pixel(left + 1, top) * (x - left)) * (top + 1 - y)
            + (Pixel(left, top + 1) * (left + 1 - x) + Pixel(left + 1, top + 1) * (x - left)) * (y - top);
    }

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width * height).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }
}
