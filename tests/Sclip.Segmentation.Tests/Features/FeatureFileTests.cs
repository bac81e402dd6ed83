using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sclip.Segmentation.Tests.Features;

public class FeatureFileTests
{
    private const int Dimension = 21;

    private static readonly FeatureHeader Header = new()
    {
        Image = "set/one.jpg",
        Model = "0123456789abcdef0123456789abcdef",
        Weights = "89abcdef0123456789abcdef01234567",
        Precision = "fp32",
        Method = "sclip",
        Width = 50,
        Height = 40,
        ModelWidth = 45,
        ModelHeight = 34,
        ShortSide = 34,
        Crop = 24,
        Stride = 12,
        Patch = 8,
        Dimension = Dimension,
        Encoding = "fp16",
    };

    // 34 and 45 pixels are two and three windows of 24, of three by three patches each.
    private const int Windows = 6, Patches = 9;

    [Fact]
    public void Halves_come_back_as_they_were_rounded()
    {
        var features = Features();
        var file = FeatureFile.Parse(Write(Header, features));
        var read = new float[features.Length];
        file.Read(0, read);
        Assert.Equal(features.Select(value => (float)(Half)value), read);
    }

    [Fact]
    public void Bytes_come_back_within_half_a_step_of_what_each_patch_is_most_off_the_mean()
    {
        var features = Features();
        // In all patches alike: what they have in common costs no steps.
        for (var patch = 0; patch < Windows * Patches; patch++)
            features[patch * Dimension + 3] += 2;
        features.AsSpan(Dimension, Dimension).Clear();
        var file = FeatureFile.Parse(Write(Header with { Encoding = "int8" }, features));
        var read = new float[features.Length];
        file.Read(0, read);
        var centre = Enumerable.Range(0, Dimension).Select(i => Enumerable.Range(0, Windows * Patches).Average(patch => features[patch * Dimension + i])).ToArray();
        for (var patch = 0; patch < Windows * Patches; patch++)
        {
            var own = features.AsSpan(patch * Dimension, Dimension).ToArray();
            var step = own.Zip(centre, (value, mean) => MathF.Abs(value - mean)).Max() / 127;
            // They are halves till then, which of values of 2 are exact to 0.001.
            for (var i = 0; i < Dimension; i++)
                Assert.Equal(own[i], read[patch * Dimension + i], step * 0.5001f + 0.001f);
        }
    }

    [Fact]
    public void Halves_of_the_version_before_are_read_and_its_bytes_are_refused()
    {
        Assert.Equal(1, FeatureFile.Parse(Write(Header with { Version = 1 }, Features())).Header.Version);
        Assert.Contains("int8 of version 1", Assert.Throws<FeatureFormatException>(() => FeatureFile.Parse(Write(Header with { Version = 1, Encoding = "int8" }, Features()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_part_is_read_alone()
    {
        foreach (var encoding in FeatureEncodings.Names)
        {
            var file = FeatureFile.Parse(Write(Header with { Encoding = encoding }, Features()));
            var (all, part) = (new float[Windows * Patches * Dimension], new float[3 * Dimension]);
            file.Read(0, all);
            file.Read(11, part);
            Assert.Equal(all[(11 * Dimension)..(14 * Dimension)], part);
        }
    }

    [Fact]
    public void The_size_is_known_before()
    {
        foreach (var encoding in FeatureEncodings.Names)
            Assert.Equal(FeatureFile.SizeOf(Header with { Encoding = encoding }), Write(Header with { Encoding = encoding }, Features()).Length);
    }

    [Fact]
    public void Windows_may_come_in_any_order_and_again_but_all_must_come()
    {
        var features = Features();
        var (straight, again) = (Write(Header, features), new FeatureWriter(Header));
        for (var window = Windows - 1; window > 0; window--)
            again.Write(window, 3, 3, features.AsSpan(window * Patches * Dimension, Patches * Dimension));
        Assert.Contains("5 of 6", Assert.Throws<InvalidOperationException>(() => again.Finish()).Message, StringComparison.Ordinal);
        again.Write(0, 3, 3, new float[Patches * Dimension]);
        again.Write(0, 3, 3, features.AsSpan(0, Patches * Dimension));
        Assert.Equal(straight, again.Finish());
    }

    [Fact]
    public void A_file_that_ends_early_is_refused_wherever_it_ends()
    {
        var file = Write(Header, Features());
        for (var length = 0; length < file.Length; length += length < 600 ? 1 : 97)
            Assert.Throws<FeatureFormatException>(() => FeatureFile.Parse(file[..length]));
        Assert.Throws<FeatureFormatException>(() => FeatureFile.Parse((byte[])[.. file.Span, 0]));
    }

    [Fact]
    public void A_file_with_a_byte_changed_is_refused_wherever_it_changed()
    {
        var file = Write(Header, Features()).ToArray();
        for (var at = 0; at < file.Length; at += at < 600 ? 1 : 37)
        {
            file[at] ^= 0x21;
            Assert.Throws<FeatureFormatException>(() => FeatureFile.Parse(file));
            file[at] ^= 0x21;
        }
        FeatureFile.Parse(file);
    }

    [Theory]
    [InlineData("version", 4, "version 4")]
    [InlineData("patchStride", 0, "values that cannot be")]
    [InlineData("patchStride", 17, "values that cannot be")]
    [InlineData("version", 0, "header")]
    [InlineData("dimension", 0, "cannot be")]
    [InlineData("dimension", 2000000000, "cannot be")]
    [InlineData("patch", 0, "cannot be")]
    [InlineData("patch", 25, "cannot be")]
    [InlineData("stride", 0, "cannot be")]
    [InlineData("crop", -1, "cannot be")]
    [InlineData("width", 0, "cannot be")]
    [InlineData("modelHeight", 2000000000, "cannot be")]
    [InlineData("modelWidth", 46, "tells of")]
    [InlineData("encoding", "fp8", "cannot be")]
    [InlineData("method", null, "header")]
    public void A_header_that_cannot_be_is_refused_though_its_checksum_fits(string key, object? value, string mentions)
    {
        var file = Write(Header, Features());
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.Span[8..]);
        var header = JsonNode.Parse(file.Span.Slice(12, length))!.AsObject();
        header[key] = value is null ? null : JsonValue.Create(value);
        if (key == "modelWidth")
            header["modelWidth"] = 70;
        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        var count = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(count, json.Length);
        byte[] changed = [.. file.Span[..8], .. count, .. json, .. file.Span[(12 + length)..^32]];
        var error = Assert.Throws<FeatureFormatException>(() => FeatureFile.Parse((byte[])[.. changed, .. SHA256.HashData(changed)]));
        Assert.Contains(mentions, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_in_anything_that_features_depend_on_is_named()
    {
        Assert.Null(Header.DifferenceTo(Header with { Width = 1, Height = 1, ModelWidth = 1, ModelHeight = 1, Encoding = "int8", Precision = "bf16" }));
        Assert.Contains("of the picture set/one.jpg, and set/two.jpg", Header.DifferenceTo(Header with { Image = "set/two.jpg" }), StringComparison.Ordinal);
        Assert.Contains("model", Header.DifferenceTo(Header with { Model = "other" }), StringComparison.Ordinal);
        Assert.Contains("weights 89abcdef0123, and other", Header.DifferenceTo(Header with { Weights = "other" }), StringComparison.Ordinal);
        Assert.Contains("method sclip, and clip", Header.DifferenceTo(Header with { Method = "clip" }), StringComparison.Ordinal);
        Assert.Contains("short side 34, and 336", Header.DifferenceTo(Header with { ShortSide = 336 }), StringComparison.Ordinal);
        Assert.Contains("crop 24, and 0", Header.DifferenceTo(Header with { Crop = 0 }), StringComparison.Ordinal);
        Assert.Contains("stride 12, and 8", Header.DifferenceTo(Header with { Stride = 8 }), StringComparison.Ordinal);
        Assert.Contains("patch size", Header.DifferenceTo(Header with { Patch = 16 }), StringComparison.Ordinal);
        Assert.Contains("dimension", Header.DifferenceTo(Header with { Dimension = 512 }), StringComparison.Ordinal);
        Assert.Null((Header with { Crop = 0 }).DifferenceTo(Header with { Crop = 0, Stride = 8 }));
    }

    private static ReadOnlyMemory<byte> Write(FeatureHeader header, float[] features)
    {
        var writer = new FeatureWriter(header);
        for (var window = 0; window < Windows; window++)
            writer.Write(window, 3, 3, features.AsSpan(window * Patches * Dimension, Patches * Dimension));
        return writer.Finish();
    }

    private static float[] Features()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Windows * Patches * Dimension).Select(_ => random.NextSingle() - 0.5f)];
    }
}
