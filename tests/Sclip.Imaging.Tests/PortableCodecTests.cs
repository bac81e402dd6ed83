using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Sclip.Imaging.Codecs;
using Sclip.Imaging.Codecs.Native;
using Sclip.Imaging.Codecs.Portable;
using Sclip.Testing;

namespace Sclip.Imaging.Tests;

/// <summary>What reads and writes pictures outside Linux, beside the libraries that do so on it.</summary>
public class PortableCodecTests
{
    [Theory]
    [InlineData("baseline.jpg", 3)]
    [InlineData("progressive.jpg", 3)]
    [InlineData("grey.jpg", 1)]
    [InlineData("ycck.jpg", 3)]
    [InlineData("orientation-6.jpg", 3)]
    [InlineData("rgb8.png", 0)]
    [InlineData("rgb16.png", 0)]
    [InlineData("rgba8.png", 0)]
    [InlineData("grey1.png", 0)]
    [InlineData("grey2.png", 0)]
    [InlineData("grey4.png", 0)]
    [InlineData("grey8.png", 0)]
    [InlineData("grey16.png", 0)]
    [InlineData("palette.png", 0)]
    [InlineData("palette-transparent.png", 0)]
    [InlineData("interlaced.png", 0)]
    [InlineData("lossless.webp", 0)]
    [InlineData("lossy.webp", 2)]
    [InlineData("alpha.webp", 0)]
    [InlineData("alpha-lossy.webp", 2)]
    public void Pictures_have_the_same_pixels_but_for_rounding(string name, int tolerance)
    {
        var (expected, actual) = (Native(name).ToRgb(), Portable(Fixture.Read(name)).ToRgb());
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.True(expected.Pixels.Zip(actual.Pixels, (one, other) => Math.Abs(one - other)).Max() <= tolerance);
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("rgb8.png")]
    [InlineData("interlaced.png")]
    [InlineData("lossless.webp")]
    [InlineData("lossy.webp")]
    public void A_truncated_file_is_refused(string name)
    {
        var file = Fixture.Read(name);
        for (var length = 20; length < file.Length - 1; length++)
            Assert.Throws<ImageDecodeException>(() => Portable(file.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("ycck.jpg")]
    [InlineData("palette.png")]
    [InlineData("interlaced.png")]
    [InlineData("lossless.webp")]
    [InlineData("alpha-lossy.webp")]
    public void A_damaged_file_is_a_picture_or_refused(string name)
    {
        var random = new Random(name.Length);
        for (var round = 0; round < 200; round++)
        {
            var file = Fixture.Read(name);
            for (var i = random.Next(1, 5); i > 0; i--)
                file[random.Next(20, file.Length)] = (byte)random.Next(256);
            try
            {
                Assert.NotEmpty(Portable(file).Pixels);
            }
            catch (ImageDecodeException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Fact]
    public void What_is_not_read_is_refused_with_its_reason()
    {
        Assert.Contains("animation", Refuse(Fixture.Read("animated.webp")), StringComparison.Ordinal);
        var jpeg = Fixture.Read("baseline.jpg");
        jpeg[jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 4] = 12;
        Assert.Contains("12 bits", Refuse(jpeg), StringComparison.Ordinal);
        jpeg = Fixture.Read("baseline.jpg");
        var table = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xDB]);
        Assert.Contains("between its segments", Refuse([.. jpeg.AsSpan(0, table), 0x11, 0x22, 0x33, .. jpeg.AsSpan(table)]), StringComparison.Ordinal);
        Assert.Equal(Native("baseline.jpg").Pixels, Portable([.. jpeg.AsSpan(0, table), 0xFF, 0xFF, .. jpeg.AsSpan(table)]).Pixels);
        var scans = Fixture.Read("progressive.jpg");
        var last = scans.AsSpan().LastIndexOf<byte>([0xFF, 0xDA]);
        Assert.Contains("500 scans", Refuse([.. scans.AsSpan(0, last), .. Enumerable.Repeat(scans[last..^2], 501).SelectMany(bytes => bytes), 0xFF, 0xD9]), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(MaskTests.Depths), MemberType = typeof(MaskTests))]
    public void A_PNG_that_lacks_a_byte_of_its_pixels_is_refused(byte colorType, int depth)
    {
        foreach (var (width, height, isInterlaced) in new[] { (1, 1, false), (13, 9, false), (8, 1, true), (13, 9, true) })
        {
            var png = RawPng.Write(new ushort[width * height], width, colorType, depth, palette: 2, isInterlaced);
            Assert.NotEmpty(Portable(png).Pixels);
            png = Edited(png, (type, content) => type == "IDAT" ? Packed(Unpacked(content)[..^1]) : content);
            Assert.Contains("it ends before its pixels", Refuse(png), StringComparison.Ordinal);
            Assert.Throws<ImageDecodeException>(() => PortablePng.DecodeValues(png, ImageLimits.Default));
        }
    }

    [Fact]
    public void An_interlaced_PNG_that_lacks_passes_is_refused()
    {
        var png = RawPng.Write(new ushort[7 * 4], 7, RawPng.Grey, 8, interlaced: true);
        Assert.Contains("without interlacing", Refuse(png), StringComparison.Ordinal);
        // Nor by a header behind the one that was checked.
        Assert.Contains("twice", Refuse([.. RawPng.Write(new ushort[64], 8, RawPng.Grey, 8)[..33], .. png[8..]]), StringComparison.Ordinal);
        Assert.Contains("without interlacing", Assert.Throws<ImageDecodeException>(() => PortablePng.DecodeValues(png, ImageLimits.Default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PNG_without_what_its_values_need_is_refused()
    {
        var png = RawPng.Write(new ushort[6], 3, RawPng.Palette, 8, palette: 2);
        var table = png.AsSpan().IndexOf("PLTE"u8) - 4;
        Assert.Contains("no palette", Assert.Throws<ImageDecodeException>(() => PortablePng.DecodeValues([.. png[..table], .. png[(table + 12 + 6)..]], ImageLimits.Default)).Message, StringComparison.Ordinal);
        // A header that says it is narrower than it is.
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 2);
        Assert.Contains("checksum", Assert.Throws<ImageDecodeException>(() => PortablePng.DecodeValues(png, ImageLimits.Default)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RawPng.Grey, 8)]
    [InlineData(RawPng.Grey, 16)]
    [InlineData(RawPng.Rgb, 8)]
    [InlineData(RawPng.Rgb, 16)]
    public void A_transparent_colour_is_that_of_all_bits(byte colorType, int depth)
    {
        var channels = colorType == RawPng.Rgb ? 3 : 1;
        // Each value a pixel of its own; as 16 bits, some have the upper or the lower 8 of the transparent one alone.
        ushort[] values = depth == 16 ? [0x0102, 0x0201, 0x0101, 0x0202, 0x0100, 0x0002] : [1, 2, 3, 4, 5, 6];
        var png = RawPng.Write([.. values.SelectMany(value => Enumerable.Repeat(value, channels))], values.Length, colorType, depth);
        byte[] key = [.. Enumerable.Repeat((byte[])[(byte)(values[0] >> 8), (byte)values[0]], channels).SelectMany(bytes => bytes)];
        png = Edited(png, (_, content) => content, ("tRNS", key));
        Assert.Equal([0, 255, 255, 255, 255, 255], Portable(png).Pixels.Where((_, i) => i % 4 == 3));
        Assert.Equal(PngDecoder.Decode(png, ImageLimits.Default).Pixels, Portable(png).Pixels);
    }

    [Theory]
    [InlineData("lossy.webp")]
    [InlineData("lossless.webp")]
    [InlineData("alpha-lossy.webp")]
    public void A_WebP_ends_where_it_says_and_holds_its_picture_before(string name)
    {
        var file = Fixture.Read(name);
        Assert.Equal(Portable(file).Pixels, Portable([.. file, .. new byte[100]]).Pixels);
        for (var length = 21; length < file.Length - 1; length++)
        {
            var cut = file[..length];
            BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(4), length - 8);
            Assert.Throws<ImageDecodeException>(() => Portable(cut));
        }
    }

    [Fact]
    public void A_WebP_may_be_smaller_than_the_header_of_another_kind()
    {
        // One pixel without loss, in 28 bytes: each of its five codes has one symbol.
        byte[] file = [.. "RIFF"u8, 20, 0, 0, 0, .. "WEBPVP8L"u8, 8, 0, 0, 0, 0x2F, 0, 0, 0, 0, 0x88, 0x88, 0x08];
        Assert.Equal(WebPDecoder.Decode(file, ImageLimits.Default).ToRgb().Pixels, Portable(file).ToRgb().Pixels);
    }

    [Theory]
    [InlineData("baseline.jpg")]
    [InlineData("rgb8.png")]
    [InlineData("lossless.webp")]
    [InlineData("lossy.webp")]
    [InlineData("alpha.webp")]
    public void Limits_hold_before_memory_is_taken(string name) =>
        Assert.Contains("--max-pixels", Assert.Throws<ImageDecodeException>(() => Portable(Fixture.Read(name), new ImageLimits { MaxPixels = 48 * 32 - 1 })).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(MaskTests.Depths), MemberType = typeof(MaskTests))]
    public void Values_of_every_depth_are_those_that_are_stored(byte colorType, int depth)
    {
        var random = new Random(depth);
        foreach (var (width, height, interlaced) in new[] { (1, 1, false), (3, 2, false), (13, 9, true), (33, 5, false) })
        {
            var labels = Enumerable.Range(0, width * height).Select(_ => (ushort)random.Next(1 << depth)).ToArray();
            var read = PortablePng.DecodeValues(RawPng.Write(labels, width, colorType, depth, palette: Math.Min(256, 1 << depth), interlaced), ImageLimits.Default);
            Assert.Equal((width, height), (read.Width, read.Height));
            Assert.Equal(labels, read.Values);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(256)]
    [InlineData(65535)]
    public void Masks_are_read_by_the_other_codec(int classes)
    {
        var random = new Random(classes);
        var labels = Enumerable.Range(0, 37 * 23).Select(_ => (ushort)random.Next(classes)).ToArray();
        var palette = classes <= 256 ? Palette.PascalVoc(classes) : null;
        var written = PortablePngEncoder.Encode(labels, 37, 23, palette);
        Assert.Equal(labels, PngDecoder.DecodeValues(written, ImageLimits.Default).Values);
        Assert.Equal(labels, PortablePng.DecodeValues(PngValuesEncoder.Encode(labels, 37, 23, palette), ImageLimits.Default).Values);
        Assert.Equal(PngDecoder.Decode(PngValuesEncoder.Encode(labels, 37, 23, palette), ImageLimits.Default).Pixels, PngDecoder.Decode(written, ImageLimits.Default).Pixels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Bytes_are_read_by_the_other_codec(int channels)
    {
        var bytes = Enumerable.Range(0, 5 * 4 * channels).Select(i => (byte)(i * 11)).ToArray();
        var expected = PngDecoder.Decode(PngValuesEncoder.Encode(bytes, 5, 4, channels), ImageLimits.Default);
        Assert.Equal(expected.Pixels, PngDecoder.Decode(PortablePngEncoder.Encode(bytes, 5, 4, channels), ImageLimits.Default).Pixels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_JPEG_comes_back_nearly_the_same(bool subsampled)
    {
        var picture = Fixture.Decode("rgb8.png");
        Fixture.AssertQuadrants(ImageDecoder.Decode(PortableJpeg.Encode(picture, 95, subsampled), ImageLimits.Default), 4, Fixture.Quadrants);
        Assert.Throws<InvalidOperationException>(() => PortableJpeg.Encode(new RgbImage(70000, 1, new byte[210000]), 90, subsampled));
    }

    private static DecodedPixels Native(string name) => Fixture.Read(name) is var file && name.EndsWith(".jpg", StringComparison.Ordinal) ? JpegDecoder.Decode(file, JpegMetadata.Read(file), ImageLimits.Default)
        : name.EndsWith(".png", StringComparison.Ordinal) ? PngDecoder.Decode(file, ImageLimits.Default) : WebPDecoder.Decode(file, ImageLimits.Default);

    private static DecodedPixels Portable(ReadOnlySpan<byte> file) => Portable(file, new ImageLimits { MaxPixels = 10_000_000 });

    private static DecodedPixels Portable(ReadOnlySpan<byte> file, ImageLimits limits) => FileKinds.Of(file) switch
    {
        FileKind.Jpeg => PortableJpeg.Decode(file, JpegMetadata.Read(file), limits, CancellationToken.None),
        FileKind.Png => PortablePng.Decode(file, limits, CancellationToken.None),
        FileKind.WebP => PortableWebP.Decode(file, limits, CancellationToken.None),
        var kind => throw new ImageDecodeException($"{kind}"),
    };

    /// <summary>A PNG with other chunks, whose checksums are right, and one more before its data.</summary>
    private static byte[] Edited(byte[] png, Func<string, byte[], byte[]> change, (string Type, byte[] Content)? more = null)
    {
        using var edited = new MemoryStream();
        edited.Write(png.AsSpan(0, 8));
        foreach (var chunk in new PngChunks(png))
        {
            var type = Encoding.ASCII.GetString(png, chunk.Start + 4, 4);
            if (type == "IDAT" && more is var (name, content))
                PngChunk.Write(edited, Encoding.ASCII.GetBytes(name), content);
            PngChunk.Write(edited, Encoding.ASCII.GetBytes(type), change(type, chunk.Content.ToArray()));
        }
        return edited.ToArray();
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unpacked(byte[] packed)
    {
        using var bytes = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        zlib.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Refuse(byte[] file) => Assert.Throws<ImageDecodeException>(() => Portable(file)).Message;
}
