using Sclip.Imaging.Codecs;

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
    [InlineData("rgb8.bmp", 0)]
    [InlineData("run-lengths.bmp", 0)]
    [InlineData("run-lengths.tga", 0)]
    [InlineData("rgb8.ppm", 0)]
    [InlineData("lzw.tif", 0)]
    [InlineData("lzw-differences.tif", 0)]
    [InlineData("deflate.tif", 0)]
    [InlineData("packbits.tif", 0)]
    [InlineData("plain.gif", 0)]
    [InlineData("interlaced.gif", 0)]
    [InlineData("animated.gif", 0)]
    [InlineData("rgb8.heic", 2)]
    [InlineData("rgb10.heic", 2)]
    [InlineData("rgb8.avif", 2)]
    [InlineData("rgb10.avif", 0)]
    public void Colours_come_out_as_they_went_in(string file, int tolerance) => Fixture.AssertQuadrants(Fixture.Decode(file), tolerance, Fixture.Quadrants);

    [Theory]
    [InlineData("grey.jpg", 4)]
    [InlineData("grey8.png", 2)]
    [InlineData("grey8.heic", 2)]
    [InlineData("grey8.avif", 2)]
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
    [InlineData("rgba8.png", 1)]
    [InlineData("palette-transparent.png", 1)]
    [InlineData("alpha.webp", 1)]
    [InlineData("alpha-lossy.webp", 10)]
    [InlineData("alpha.tif", 1)]
    [InlineData("alpha.heic", 2)]
    [InlineData("alpha.avif", 2)]
    public void Transparency_is_laid_over_white(string file, int tolerance)
    {
        var half = Fixture.Quadrants[2];
        Fixture.AssertQuadrants(Fixture.Decode(file), tolerance,
            (255, 255, 255), Fixture.Quadrants[1], ((byte)((half.R + 254) / 2), (byte)((half.G + 254) / 2), (byte)((half.B + 254) / 2)), Fixture.Quadrants[3]);
    }

    [Fact]
    public void A_clear_colour_of_a_palette_is_white() =>
        Fixture.AssertQuadrants(Fixture.Decode("transparent.gif"), 0, [(255, 255, 255), .. Fixture.Quadrants[1..]]);

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

    [Fact]
    public void A_picture_too_wide_for_a_JPEG_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => JpegEncoder.Encode(new RgbImage(70000, 1, new byte[210000])));
        Assert.Contains("70000 x 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_JPEG_with_shared_colours_comes_back_within_a_few_levels()
    {
        const int width = 150, height = 110;
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(128 + 100 * Math.Sin((i / 3 % width * (1 + i % 3) + i / 3 / width * 2) * 0.03));
        var decoded = ImageDecoder.Decode(Codec.EncodeJpeg(new RgbImage(width, height, pixels), 90, subsampled: true), ImageLimits.Default);
        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        // Decoders may spread the shared colours smoothly or as squares, and round as they like.
        var errors = pixels.Zip(decoded.Pixels, (before, after) => Math.Abs(before - after)).ToArray();
        Assert.InRange(errors.Average(), 0, 3);
        Assert.InRange(errors.Max(), 0, 20);
    }

    [Fact]
    public void A_JPEG_whose_components_are_named_RGB_holds_just_these()
    {
        var file = Fixture.Read("baseline.jpg");
        var (frame, scan) = (file.AsSpan().IndexOf<byte>([0xFF, 0xC0]), file.AsSpan().IndexOf<byte>([0xFF, 0xDA]));
        for (var component = 0; component < 3; component++)
            file[frame + 10 + 3 * component] = file[scan + 5 + 2 * component] = (byte)"RGB"[component];
        // Without the JFIF segment, which stands first and would say YCbCr.
        var image = ImageDecoder.Decode([.. file.AsSpan(0, 2), .. file.AsSpan(20)], ImageLimits.Default);
        Fixture.AssertQuadrants(image, 4, [.. Fixture.Quadrants.Select(color => (Luma(color).Y,
            Round(128 - 0.168736 * color.R - 0.331264 * color.G + 0.5 * color.B), Round(128 + 0.5 * color.R - 0.418688 * color.G - 0.081312 * color.B)))]);
    }

    [Fact]
    public void Inks_that_no_marker_calls_inverted_are_not_taken_for_inverted()
    {
        var file = Fixture.Read("cmyk.jpg");
        byte[] bare = [.. file.AsSpan(0, 2), .. file.AsSpan(18)];
        try
        {
            Assert.NotEqual(Fixture.Decode("cmyk.jpg").Pixels, ImageDecoder.Decode(bare, ImageLimits.Default).Pixels);
        }
        catch (ImageDecodeException error)
        {
            Assert.Contains("CMYK", error.Message, StringComparison.Ordinal);
        }
    }

    private static (byte Y, byte, byte) Luma((byte R, byte G, byte B) color)
    {
        var luma = Round(0.299 * color.R + 0.587 * color.G + 0.114 * color.B);
        return (luma, luma, luma);
    }

    private static byte Round(double value) => (byte)Math.Round(value);
}
