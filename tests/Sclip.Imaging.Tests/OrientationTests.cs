using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Sclip.Imaging.Codecs;

namespace Sclip.Imaging.Tests;

/// <summary>Pictures that say how they are turned, in PNG and WebP; those in JPEG are fixtures.</summary>
public sealed class OrientationTests
{
    private const int SignatureLength = 8, HeaderChunk = 25;

    private static readonly RgbImage Picture = Noise(7, 5);

    public static TheoryData<int> All => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_PNG_comes_out_upright_wherever_it_says_so(int orientation)
    {
        var png = PngWriter.Rgb(Stored(orientation));
        foreach (var block in (byte[][])[Exif(orientation, little: true), Exif(orientation, little: false)])
        {
            AssertSame(Picture, Decode([.. png[..(SignatureLength + HeaderChunk)], .. Chunk("eXIf", block), .. png[(SignatureLength + HeaderChunk)..]]));
            AssertSame(Picture, Decode([.. png[..^12], .. Chunk("eXIf", block), .. png[^12..]]));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_PNG_comes_out_upright_that_says_so_in_a_text_of_digits(int orientation)
    {
        var png = PngWriter.Rgb(Stored(orientation));
        foreach (var before in (byte[][])[[], [.. "Exif\0\0"u8]])
        {
            byte[] block = [.. before, .. Exif(orientation, little: true)];
            foreach (var type in (string[])["exif", "APP1"])
            {
                var (keyword, text) = (Latin1($"Raw profile type {type}\0"), Digits(type, block));
                AssertSame(Picture, Decode([.. png[..^12], .. Chunk("tEXt", [.. keyword, .. text]), .. png[^12..]]));
                AssertSame(Picture, Decode([.. png[..^12], .. Chunk("zTXt", [.. keyword, 0, .. Packed(text)]), .. png[^12..]]));
            }
        }
        // The chunk of its own has the last word.
        AssertSame(Picture, Decode([.. png[..^12], .. Chunk("eXIf", Exif(orientation, little: true)), .. Chunk("tEXt", [.. Latin1("Raw profile type exif\0"), .. Digits("exif", Exif(3, little: true))]), .. png[^12..]]));
    }

    [Fact]
    public void A_damaged_text_of_digits_costs_no_picture()
    {
        var (png, keyword) = (PngWriter.Rgb(Picture), Latin1("Raw profile type exif\0"));
        byte[][] texts = [[1], Latin1("\nexif\n"), Latin1("\nexif\n 4\nxyz\n"), Latin1("\nexif\n 4\n4949\n"), Latin1("no lines")];
        foreach (var text in texts)
        {
            AssertSame(Picture, Decode([.. png[..^12], .. Chunk("tEXt", [.. keyword, .. text]), .. png[^12..]]));
            AssertSame(Picture, Decode([.. png[..^12], .. Chunk("zTXt", [.. keyword, 0, .. Packed(text)]), .. png[^12..]]));
            AssertSame(Picture, Decode([.. png[..^12], .. Chunk("zTXt", [.. keyword, 0, .. text]), .. png[^12..]]));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_WebP_comes_out_upright(int orientation)
    {
        var webP = Fixture.Read("lossless.webp");
        var expected = Orientation.Upright(Fixture.Decode("lossless.webp"), orientation);
        foreach (var before in (byte[][])[[], [.. "Exif\0\0"u8]])
            AssertSame(expected, Decode(WithExif(webP, [.. before, .. Exif(orientation, little: true)])));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_head_tells_the_kind_the_size_as_stored_and_how_it_is_turned(int orientation)
    {
        var (png, jpeg, block) = (PngWriter.Rgb(Picture), JpegEncoder.Encode(Picture), Exif(orientation, little: false));
        byte[] segment = [.. "Exif\0\0"u8, .. block];
        Assert.Equal(new PictureHead(false, true, orientation, true, (7, 5)), PictureHead.Read([.. png[..^12], .. Chunk("eXIf", block), .. png[^12..]]));
        Assert.Equal(new PictureHead(true, false, orientation, true, (7, 5)), PictureHead.Read([.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(segment.Length + 2), .. segment, .. jpeg[2..]]));
        Assert.Equal(new PictureHead(false, false, orientation, false, null), PictureHead.Read(WithExif(Fixture.Read("lossless.webp"), block)));
        Assert.Equal(default, PictureHead.Read("P6 1 1 255\n"u8));
        var head = PictureHead.Read([.. png[..^12], .. Chunk("eXIf", block), .. png[^12..]]);
        Assert.Equal((orientation != 1, orientation >= 5 ? (5, 7) : (7, 5)), (head.IsTurned, head.Upright!.Value));
    }

    [Fact]
    public void A_mask_is_read_as_it_is_stored()
    {
        var stream = new MemoryStream();
        MaskEncoder.Write(stream, [0, 1, 2, 3, 4, 5], 3, 2, Palette.PascalVoc(6));
        var png = stream.ToArray();
        var (labels, width, height) = MaskDecoder.Read([.. png[..^12], .. Chunk("eXIf", Exif(6, little: true)), .. png[^12..]], ImageLimits.Default);
        Assert.Equal((3, 2), (width, height));
        Assert.Equal([0, 1, 2, 3, 4, 5], labels);
        var colors = PngWriter.Rgb(Picture);
        AssertSame(Picture, MaskDecoder.ReadColors([.. colors[..^12], .. Chunk("eXIf", Exif(6, little: true)), .. colors[^12..]], ImageLimits.Default));
    }

    [Fact]
    public void Damaged_EXIF_costs_no_picture()
    {
        var (png, webP) = (PngWriter.Rgb(Picture), Fixture.Read("lossless.webp"));
        var block = Exif(6, little: true);
        byte[][] damaged = [[], [1], [.. "II*\0"u8], block[..12], [.. block[..4], 0xFF, 0xFF, 0xFF, 0xFF, .. block[8..]], [.. block[..30], 99, .. block[31..]], [.. "nonsense that is no TIFF"u8]];
        foreach (var content in damaged)
        {
            AssertSame(Picture, Decode([.. png[..(SignatureLength + HeaderChunk)], .. Chunk("eXIf", content), .. png[(SignatureLength + HeaderChunk)..]]));
            AssertSame(Fixture.Decode("lossless.webp"), Decode(WithExif(webP, content)));
        }
    }

    private static RgbImage Decode(byte[] file) => ImageDecoder.Decode(file, ImageLimits.Default);

    /// <summary>The picture as a camera that was held so would store it: a quarter turn is undone by the opposite one, all else by itself.</summary>
    private static RgbImage Stored(int orientation) => Orientation.Upright(Picture, orientation switch { 6 => 8, 8 => 6, _ => orientation });

    private static void AssertSame(RgbImage expected, RgbImage actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Pixels, actual.Pixels);
    }

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        new Random(1).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    /// <summary>A TIFF of one directory with two entries, the second of them the orientation.</summary>
    private static byte[] Exif(int orientation, bool little)
    {
        byte[] head = little ? [.. "II*\0"u8, 8, 0, 0, 0, 2, 0] : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 2];
        return [.. head, .. Entry(0x0100, 9), .. Entry(0x0112, orientation), 0, 0, 0, 0];

        byte[] Entry(int tag, int value)
        {
            var entry = new byte[12];
            void Short(int at, int number)
            {
                if (little)
                    BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(at), (ushort)number);
                else
                    BinaryPrimitives.WriteUInt16BigEndian(entry.AsSpan(at), (ushort)number);
            }
            Short(0, tag);
            Short(2, 3);
            Short(little ? 4 : 6, 1);
            Short(8, value);
            return entry;
        }
    }

    /// <summary>A block as ImageMagick writes it into a text: its kind, its length, and 36 bytes a line.</summary>
    private static byte[] Digits(string type, byte[] block) =>
        Latin1($"\n{type}\n{block.Length,8}\n{string.Join('\n', block.Chunk(36).Select(bytes => Convert.ToHexStringLower(bytes)))}\n");

    private static byte[] Packed(byte[] text)
    {
        var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionMode.Compress))
            stream.Write(text);
        return packed.ToArray();
    }

    private static byte[] Latin1(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] content = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(content));
        return [.. length, .. content, .. checksum];
    }

    /// <summary>A WebP of one chunk with a header that says that EXIF follows.</summary>
    private static byte[] WithExif(byte[] webP, byte[] block)
    {
        byte[] body = [.. "WEBP"u8, .. "VP8X"u8, 10, 0, 0, 0, 0x08, 0, 0, 0, 47, 0, 0, 31, 0, 0, .. webP[12..], .. "EXIF"u8, .. BitConverter.GetBytes(block.Length), .. block, .. new byte[block.Length & 1]];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];
    }
}
