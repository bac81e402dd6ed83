using System.Buffers.Binary;
using System.IO.Hashing;

namespace Sclip.Imaging.Tests;

public class BadInputTests
{
    public static TheoryData<string> Fixtures => Fixture.All;

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_truncated_file_is_refused_or_lost_nothing(string name)
    {
        var file = Fixture.Read(name);
        var whole = Fixture.Decode(name).Pixels;
        var refused = 0;
        for (var length = 1; length < file.Length; length++)
        {
            try
            {
                // What stands last in a file may be but comments and an end mark.
                Assert.Equal(whole, ImageDecoder.Decode(file.AsSpan(0, length), ImageLimits.Default).Pixels);
            }
            catch (ImageDecodeException)
            {
                refused++;
            }
        }
        Assert.True(refused > file.Length / 4, $"Only {refused} of {file.Length} cuts were refused.");
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("progressive.jpg")]
    public void Stray_bytes_in_a_JPEG_are_passed_over_and_hide_no_truncation(string name)
    {
        var file = WithStrayBytes(Fixture.Read(name));
        Assert.Equal(Fixture.Decode(name).Pixels, ImageDecoder.Decode(file, ImageLimits.Default).Pixels);
        for (var length = 1; length < file.Length - 2; length++)
            Assert.Throws<ImageDecodeException>(() => ImageDecoder.Decode(file.AsSpan(0, length), ImageLimits.Default));
    }

    [Fact]
    public void Stray_bytes_before_the_EXIF_block_leave_the_picture_upright()
    {
        var file = Fixture.Read("orientation-6.jpg");
        // An empty comment, then the byte.
        Fixture.AssertQuadrants(ImageDecoder.Decode([.. file.AsSpan(0, 2), 0xFF, 0xFE, 0x00, 0x02, 0x11, .. file.AsSpan(2)], ImageLimits.Default), 5, Fixture.Quadrants);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_damaged_file_is_a_picture_or_refused(string name)
    {
        var random = new Random(name.Length);
        for (var round = 0; round < 200; round++)
        {
            var file = Fixture.Read(name);
            for (var i = random.Next(1, 5); i > 0; i--)
                file[random.Next(2, file.Length)] = (byte)random.Next(256);
            Try(file);
        }
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "no picture")]
    [InlineData("a letter, not a picture", "no picture")]
    [InlineData("GIF89a..........", "GIF is truncated or damaged")]
    [InlineData("BM..............", "BMP is truncated or damaged")]
    [InlineData("II*\0............", "TIFF is truncated or damaged")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isommp42", "a video")]
    public void What_is_no_picture_is_refused_by_its_content(string content, string mention) =>
        Assert.Contains(mention, Refuse([.. content.Select(c => (byte)c)], ImageLimits.Default), StringComparison.Ordinal);

    [Fact]
    public void An_animation_is_refused() => Assert.Contains("animation", Refuse(Fixture.Read("animated.webp"), ImageLimits.Default), StringComparison.Ordinal);

    [Fact]
    public void A_PNG_bomb_is_refused_by_its_header()
    {
        var png = Fixture.Read("rgb8.png");
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), 60000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), 60000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        Assert.Contains("60000 x 60000 pixels are more than the limit of 200,000,000 (--max-pixels)", Refuse(png, ImageLimits.Default), StringComparison.Ordinal);
    }

    [Fact]
    public void A_JPEG_bomb_is_refused_by_its_header()
    {
        var jpeg = Fixture.Read("baseline.jpg");
        var frame = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 65000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 65000);
        Assert.Contains("--max-pixels", Refuse(jpeg, ImageLimits.Default), StringComparison.Ordinal);
    }

    [Fact]
    public void A_WebP_bomb_is_refused_by_its_header()
    {
        var webP = Fixture.Read("lossless.webp");
        // Behind the RIFF and chunk headers and the signature: 14 bits each of width and height, less one.
        BinaryPrimitives.WriteUInt32LittleEndian(webP.AsSpan(21), 0x0FFFFFFF);
        Assert.Contains("16384 x 16384", Refuse(webP, ImageLimits.Default), StringComparison.Ordinal);
    }

    [Fact]
    public void A_JPEG_of_very_many_scans_is_refused()
    {
        var file = Fixture.Read("progressive.jpg");
        var last = file.AsSpan().LastIndexOf<byte>([0xFF, 0xDA]);
        byte[] scan = [.. file.AsSpan(last, file.Length - 2 - last)];
        Refuse([.. file.AsSpan(0, last), .. Enumerable.Repeat(scan, 501).SelectMany(bytes => bytes), 0xFF, 0xD9], ImageLimits.Default);
    }

    [Fact]
    public void A_JPEG_of_12_bits_is_refused()
    {
        var jpeg = Fixture.Read("baseline.jpg");
        jpeg[jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 4] = 12;
        Assert.Contains("12", Refuse(jpeg, ImageLimits.Default), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_comment_hides_no_PNG()
    {
        var png = WithChunk(Fixture.Read("rgb8.png"), "tEXt");
        Assert.Equal(Fixture.Decode("rgb8.png").Pixels, ImageDecoder.Decode(png, ImageLimits.Default).Pixels);
    }

    [Fact]
    public void A_PNG_with_a_needed_chunk_that_nobody_knows_is_refused() => Refuse(WithChunk(Fixture.Read("rgb8.png"), "ABCD"), ImageLimits.Default);

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("rgb8.png")]
    [InlineData("lossless.webp")]
    [InlineData("rgb8.heic")]
    [InlineData("rgb8.avif")]
    public void Limits_hold_for_every_format(string name)
    {
        Assert.Contains("--max-pixels", Refuse(Fixture.Read(name), new ImageLimits { MaxPixels = 48 * 32 - 1 }), StringComparison.Ordinal);
        Assert.Contains("--max-file-size", Refuse(Fixture.Read(name), new ImageLimits { MaxFileBytes = 50 }), StringComparison.Ordinal);
        ImageDecoder.Decode(Fixture.Read(name), new ImageLimits { MaxPixels = 48 * 32 });
    }

    /// <summary>Puts three bytes of nothing before the first quantisation table.</summary>
    private static byte[] WithStrayBytes(ReadOnlySpan<byte> jpeg)
    {
        var at = jpeg.IndexOf<byte>([0xFF, 0xDB]);
        return [.. jpeg[..at], 0x11, 0x22, 0x33, .. jpeg[at..]];
    }

    /// <summary>Puts a chunk of 4 bytes, with a wrong checksum, behind the header.</summary>
    private static byte[] WithChunk(byte[] png, string type) =>
        [.. png.AsSpan(0, 33), 0, 0, 0, 4, .. type.Select(letter => (byte)letter), (byte)'a', 0, (byte)'b', (byte)'c', 1, 2, 3, 4, .. png.AsSpan(33)];

    private static string Refuse(byte[] file, ImageLimits limits) => Assert.Throws<ImageDecodeException>(() => ImageDecoder.Decode(file, limits)).Message;

    private static void Try(byte[] file)
    {
        try
        {
            Assert.NotEmpty(ImageDecoder.Decode(file, new ImageLimits { MaxPixels = 10_000_000 }).Pixels);
        }
        catch (ImageDecodeException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }
}
