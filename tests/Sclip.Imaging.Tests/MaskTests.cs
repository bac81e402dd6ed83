using System.Buffers.Binary;
using Sclip.Contracts;
using Sclip.Imaging.Tests.Written;
using Sclip.Testing;

namespace Sclip.Imaging.Tests;

public class MaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65535)]
    public void A_mask_comes_back_as_it_was(int classes)
    {
        var random = new Random(classes);
        var labels = Enumerable.Range(0, 37 * 23).Select(_ => (ushort)random.Next(classes)).ToArray();
        labels[^1] = (ushort)(classes - 1);
        var png = Encode(labels, 37, 23, Palette.PascalVoc(classes));
        Assert.Equal(png, Encode(labels, 37, 23, Palette.PascalVoc(classes)));
        var (read, width, height) = MaskDecoder.Read(png, ImageLimits.Default);
        Assert.Equal((37, 23), (width, height));
        Assert.Equal(labels, read);
        Assert.Equal(classes <= 256 ? 8 : 16, png[24]);
    }

    [Fact]
    public void The_files_palette_is_the_classes_colours()
    {
        RgbColor[] colors = [new(1, 2, 3), new(250, 128, 0)];
        var png = Encode([0, 1, 1, 0], 2, 2, colors);
        var palette = png.AsSpan(png.AsSpan().IndexOf("PLTE"u8) - 4);
        Assert.Equal(6, BinaryPrimitives.ReadInt32BigEndian(palette));
        Assert.Equal([1, 2, 3, 250, 128, 0], palette.Slice(8, 6).ToArray());
    }

    [Fact]
    public void Classes_of_the_same_colour_stay_apart()
    {
        ushort[] labels = [0, 1, 2, 1];
        Assert.Equal(labels, MaskDecoder.Read(Encode(labels, 2, 2, [new(7, 7, 7), new(7, 7, 7), new(7, 7, 7)]), ImageLimits.Default).Labels);
    }

    [Fact]
    public void Pascal_VOCs_palette_is_the_published_one()
    {
        var palette = Palette.PascalVoc(256);
        Assert.Equal(
            ["#000000", "#800000", "#008000", "#808000", "#000080", "#800080", "#008080", "#808080", "#400000"],
            palette.Take(9).Select(color => color.ToString()));
        Assert.Equal("#c08080", palette[15].ToString());
        Assert.Equal(256, palette.Distinct().Count());
    }

    [Theory]
    [InlineData("rgb8.png")]
    [InlineData("baseline.jpg")]
    public void What_is_no_mask_is_refused(string name) => Assert.Throws<ImageDecodeException>(() => MaskDecoder.Read(Fixture.Read(name), ImageLimits.Default));

    [Theory]
    [InlineData("rgb8.png", "RGB picture")]
    [InlineData("rgba8.png", "RGB picture with alpha")]
    public void A_picture_of_colours_is_told_from_a_mask(string name, string kind)
    {
        Assert.True(MaskDecoder.HoldsColors(Fixture.Read(name)));
        var error = Assert.Throws<ImageDecodeException>(() => MaskDecoder.Read(Fixture.Read(name), ImageLimits.Default));
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
        Assert.Contains("not class indices", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("palette.png")]
    [InlineData("grey1.png")]
    [InlineData("baseline.jpg")]
    public void Masks_and_other_files_hold_no_colours(string name) => Assert.False(MaskDecoder.HoldsColors(Fixture.Read(name)));

    /// <summary>Colour types and bits of a value that masks may have.</summary>
    public static TheoryData<byte, int> Depths => new() { { RawPng.Grey, 1 }, { RawPng.Grey, 2 }, { RawPng.Grey, 4 }, { RawPng.Grey, 8 }, { RawPng.Grey, 16 }, { RawPng.Palette, 1 }, { RawPng.Palette, 2 }, { RawPng.Palette, 4 }, { RawPng.Palette, 8 } };

    [Theory]
    [MemberData(nameof(Depths))]
    public void Values_of_every_depth_are_those_that_are_stored(byte colorType, int depth)
    {
        var random = new Random(depth);
        // Widths that end within a byte and at its end.
        foreach (var (width, height) in new[] { (1, 1), (3, 2), (5, 5), (8, 3), (13, 9), (33, 5) })
            foreach (var interlaced in new[] { false, width >= 8 })
            {
                var labels = Enumerable.Range(0, width * height).Select(_ => (ushort)random.Next(1 << depth)).ToArray();
                var png = RawPng.Write(labels, width, colorType, depth, palette: Math.Min(256, 1 << depth), interlaced);
                var read = MaskDecoder.Read(png, ImageLimits.Default);
                Assert.Equal((width, height), (read.Width, read.Height));
                Assert.Equal(labels, read.Labels);
            }
    }

    [Fact]
    public void Transparency_in_a_palette_changes_no_value()
    {
        var (labels, width, height) = MaskDecoder.Read(Fixture.Read("palette-transparent.png"), ImageLimits.Default);
        Assert.Equal((48, 32), (width, height));
        Assert.Equal(4, new[] { labels[8 * 48 + 12], labels[8 * 48 + 36], labels[24 * 48 + 12], labels[24 * 48 + 36] }.Distinct().Count());
        Assert.True(labels.Max() < 256);
    }

    public static TheoryData<bool, bool, int> TiffMasks => [.. from isLittle in (bool[])[true, false] from isPalette in (bool[])[false, true] from bits in (int[])[1, 2, 4, 8, 16] where !isPalette || bits <= 8 select (isLittle, isPalette, bits)];

    [Theory]
    [MemberData(nameof(TiffMasks))]
    public void Values_of_a_TIFF_are_those_that_are_stored_whatever_its_palette(bool isLittle, bool isPalette, int bits)
    {
        var labels = Noise.Grey((1 << bits) - 1, bits);
        var file = TiffFiles.Values(isLittle, labels, bits, isPalette);
        Assert.False(MaskDecoder.HoldsColors(file));
        var read = MaskDecoder.Read(file, ImageLimits.Default);
        Assert.Equal((Noise.Width, Noise.Height), (read.Width, read.Height));
        Assert.Equal(labels, read.Labels.Select(label => (int)label));
    }

    [Fact]
    public void A_TIFF_of_colours_is_told_from_a_mask_and_read_as_colours()
    {
        var file = Fixture.Read("lzw.tif");
        Assert.True(MaskDecoder.HoldsColors(file));
        Assert.Contains("not class indices", Assert.Throws<ImageDecodeException>(() => MaskDecoder.Read(file, ImageLimits.Default)).Message, StringComparison.Ordinal);
        Assert.Equal(ImageDecoder.Decode(file, ImageLimits.Default).Pixels, MaskDecoder.ReadColors(file, ImageLimits.Default).Pixels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Three_equal_channels_are_indices(bool isTiff)
    {
        int[] labels = Noise.Grey(255), channels = [.. labels.SelectMany(label => (int[])[label, label, label])];
        byte[] Write() => isTiff ? TiffFiles.Rgb8(channels) : RawPng.Write([.. channels.Select(value => (ushort)value)], Noise.Width, RawPng.Rgb, 8);
        Assert.True(MaskDecoder.HoldsColors(Write()));
        Assert.Equal(labels, MaskDecoder.ReadColorsOrIndices(Write(), ImageLimits.Default).Labels!.Select(label => (int)label));
        channels[^1] ^= 1;
        var (colors, none) = MaskDecoder.ReadColorsOrIndices(Write(), ImageLimits.Default);
        Assert.Null(none);
        Assert.Equal(channels, colors.Pixels.Select(value => (int)value));
    }

    [Fact]
    public void Equal_channels_of_16_bits_are_refused_as_their_lower_half_would_be_lost()
    {
        var file = RawPng.Write([258, 258, 258], 1, RawPng.Rgb, 16);
        Assert.Contains("16 bits", Assert.Throws<ImageDecodeException>(() => MaskDecoder.ReadColorsOrIndices(file, ImageLimits.Default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_another_size_are_refused() => Assert.Throws<ArgumentException>(() => Encode([0, 0], 2, 2, Palette.PascalVoc(2)));

    [Fact]
    public void A_label_without_a_colour_is_refused() => Assert.Throws<ArgumentException>(() => Encode([0, 1, 2, 0], 2, 2, Palette.PascalVoc(2)));

    private static byte[] Encode(ushort[] labels, int width, int height, RgbColor[] palette)
    {
        using var stream = new MemoryStream();
        MaskEncoder.Write(stream, labels, width, height, palette);
        return stream.ToArray();
    }
}
