namespace Sclip.Imaging.Tests;

public class DecodeTests
{
    [Theory]
    [InlineData("baseline.jpg", 4)]
    [InlineData("progressive.jpg", 4)]
    [InlineData("subsampled-4x2.jpg", 4)]
    [InlineData("cmyk.jpg", 4)]
    [InlineData("ycck.jpg", 12)]
    [InlineData("rgb8.png", 0)]
    [InlineData("rgb16.png", 1)]
    [InlineData("palette.png", 2)]
    [InlineData("interlaced.png", 0)]
    [InlineData("lossless.webp", 0)]
    [InlineData("lossy.webp", 10)]
    public void Colours_come_out_as_they_went_in(string file, int tolerance) => Fixture.AssertQuadrants(Fixture.Decode(file), tolerance, Fixture.Quadrants);

    [Theory]
    [InlineData("grey.jpg", 4)]
    [InlineData("grey8.png", 2)]
    public void Grey_becomes_equal_channels(string file, int tolerance) =>
        Fixture.AssertQuadrants(Fixture.Decode(file), tolerance, [.. Fixture.Quadrants.Select(Luma)]);

    [Theory]
    [InlineData("grey1.png", 2)]
    [InlineData("grey2.png", 3)]
    [InlineData("grey4.png", 4)]
    [InlineData("grey16.png", 4)]
    public void Grey_of_any_depth_keeps_its_steps(string file, int levels)
    {
        var image = Fixture.Decode(file);
        var greys = Enumerable.Range(0, 4).Select(quadrant => Fixture.Middle(image, quadrant)).ToArray();
        Assert.All(greys, grey => Assert.True(grey.R == grey.G && grey.G == grey.B));
        Assert.InRange(greys.Distinct().Count(), 2, levels);
        Assert.Equal(greys.Max(), greys[3]);
    }

    [Theory]
    [InlineData("rgba8.png")]
    [InlineData("palette-transparent.png")]
    [InlineData("alpha.webp")]
    public void Transparency_is_laid_over_white(string file)
    {
        var half = Fixture.Quadrants[2];
        Fixture.AssertQuadrants(Fixture.Decode(file), 1,
            (255, 255, 255), Fixture.Quadrants[1], ((byte)((half.R + 254) / 2), (byte)((half.G + 254) / 2), (byte)((half.B + 254) / 2)), Fixture.Quadrants[3]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Every_EXIF_orientation_comes_out_upright(int orientation) =>
        Fixture.AssertQuadrants(Fixture.Decode($"orientation-{orientation}.jpg"), 5, Fixture.Quadrants);

    [Fact]
    public void An_encoded_JPEG_comes_back_nearly_the_same()
    {
        var image = Fixture.Decode("rgb8.png");
        Fixture.AssertQuadrants(ImageDecoder.Decode(JpegEncoder.Encode(image, 95), ImageLimits.Default), 4, Fixture.Quadrants);
        Assert.Throws<ArgumentOutOfRangeException>(() => JpegEncoder.Encode(image, 101));
    }

    private static (byte, byte, byte) Luma((byte R, byte G, byte B) color)
    {
        var luma = (byte)Math.Round(0.299 * color.R + 0.587 * color.G + 0.114 * color.B);
        return (luma, luma, luma);
    }
}
