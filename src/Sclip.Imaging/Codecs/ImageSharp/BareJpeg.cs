using System.Buffers.Binary;

namespace Sclip.Imaging.Codecs.ImageSharp;

/// <summary>A JPEG of its tables, frame and scans alone, whole to its end mark; Adobe's marker says how its colours are stored.</summary>
internal static class BareJpeg
{
    private const string Name = "JPEG";
    private const int MostScans = 500;
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, App0 = 0xE0, App14 = 0xEE;

    /// <exception cref="ImageDecodeException">The file is damaged, breaks off, is of a kind that cannot be decoded or exceeds a limit.</exception>
    public static BareFile Of(ReadOnlySpan<byte> file, ImageLimits limits)
    {
        var content = new MemoryStream(file.Length + 16);
        content.Write([0xFF, StartOfImage]);
        var (hasJfif, adobe, scans) = (false, (byte?)null, 0);
        var (width, height) = (0, 0);
        for (var at = NextMarker(file, 2); ; at = NextMarker(file, at))
        {
            var marker = file[at];
            if (marker == EndOfImage)
                break;
            if (marker is StartOfImage)
                throw Refusal.Damaged(Name, "another picture starts inside it");
            if (at + 3 > file.Length || BinaryPrimitives.ReadUInt16BigEndian(file[(at + 1)..]) is var length && (length < 2 || at + 1 + length > file.Length))
                throw Refusal.Damaged(Name, "a segment breaks off");
            var segment = file.Slice(at - 1, length + 2);
            at += 1 + length;
            switch (marker)
            {
                case App0:
                    hasJfif |= segment[4..].StartsWith("JFIF\0"u8);
                    break;
                case App14 when segment.Length >= 16 && segment[4..].StartsWith("Adobe"u8):
                    adobe = segment[15];
                    break;
                // Frames by their markers: all of C0..CF but DHT (C4), JPG (C8) and DAC (CC).
                case 0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA:
                    (width, height) = ReadFrame(segment, limits);
                    WriteTransform(content, ColorTransform(segment, hasJfif, adobe));
                    content.Write(segment);
                    break;
                case 0xC3 or (>= 0xC5 and <= 0xC8) or 0xCB or (>= 0xCD and <= 0xCF):
                    throw Refusal.Damaged(Name, $"its kind (SOF type 0x{marker:x2}) is not supported");
                // Tables: Huffman, arithmetic conditioning, quantisation, restart interval.
                case 0xC4 or 0xCC or 0xDB or 0xDD:
                    content.Write(segment);
                    break;
                case StartOfScan when width == 0:
                    throw Refusal.Damaged(Name, "its header is missing");
                case StartOfScan when ++scans > MostScans:
                    throw Refusal.Damaged(Name, $"it has more than {MostScans} scans");
                case StartOfScan:
                    content.Write(segment);
                    var end = NextMarker(file, at) - 1;
                    content.Write(file[at..end]);
                    at = end;
                    break;
            }
        }
        if (scans == 0)
            throw Refusal.Damaged(Name, "it holds no picture");
        content.Write([0xFF, EndOfImage]);
        content.Position = 0;
        return new BareFile(Name, content, width, height, HasAlpha: false);
    }

    /// <summary>The position of the next marker's code, behind its FF; zeros (which stuff data) and restarts are none.</summary>
    private static int NextMarker(ReadOnlySpan<byte> file, int at)
    {
        while (file[at..].IndexOf((byte)0xFF) is >= 0 and var skipped)
        {
            at += skipped + 1;
            if (at < file.Length && file[at] is not (0x00 or 0x01 or 0xFF or (>= 0xD0 and <= 0xD7)))
                return at;
        }
        throw Refusal.Damaged(Name, "its end is missing");
    }

    private static (int Width, int Height) ReadFrame(ReadOnlySpan<byte> segment, ImageLimits limits)
    {
        if (segment.Length < 10 || segment.Length != 10 + 3 * segment[9])
            throw Refusal.Damaged(Name, "its header breaks off");
        if (segment[4] != 8)
            throw Refusal.Damaged(Name, $"{segment[4]} bits a sample are not supported");
        var (width, height) = (BinaryPrimitives.ReadUInt16BigEndian(segment[7..]), BinaryPrimitives.ReadUInt16BigEndian(segment[5..]));
        limits.Check(width, height);
        return (width, height);
    }

    /// <summary>Adobe's code for how the colours are stored, told as libjpeg tells it: 0 as they are, 1 as YCbCr, 2 as YCCK.</summary>
    private static byte ColorTransform(ReadOnlySpan<byte> frame, bool hasJfif, byte? adobe) => (frame[9], adobe) switch
    {
        (1, _) => 0,
        (3, _) when hasJfif => 1,
        (3, { } transform) => Math.Min(transform, (byte)1),
        (3, null) => frame[10] == 'R' && frame[13] == 'G' && frame[16] == 'B' ? (byte)0 : (byte)1,
        (4, { } transform) => transform == 0 ? (byte)0 : (byte)2,
        // ImageSharp takes all inks as stored inverted, which those of Adobe's programs alone are.
        (4, null) => throw new ImageDecodeException("the JPEG is CMYK without Adobe's marker, which a build with ImageSharp cannot read; store it as RGB."),
        var (components, _) => throw Refusal.Damaged(Name, $"{components} components are not supported"),
    };

    private static void WriteTransform(MemoryStream content, byte transform)
    {
        content.Write([0xFF, App14, 0, 14]);
        content.Write("Adobe"u8);
        content.Write([0, 100, 0, 0, 0, 0, transform]);
    }
}
