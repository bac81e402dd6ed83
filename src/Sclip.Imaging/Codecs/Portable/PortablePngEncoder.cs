using System.Buffers.Binary;
using System.IO.Compression;
using Sclip.Contracts;

namespace Sclip.Imaging.Codecs.Portable;

/// <summary>PNG of values, not of colours, which ImageSharp cannot write with a palette of the caller's.</summary>
internal static class PortablePngEncoder
{
    private const byte Grey = 0, Rgb = 2, Palette = 3;

    /// <summary>Values below 256 with a palette of 8 bits, or others without one of 16.</summary>
    public static byte[] Encode(ReadOnlySpan<ushort> values, int width, int height, IReadOnlyList<RgbColor>? palette)
    {
        var bytes = new byte[palette is null ? values.Length * 2 : values.Length];
        for (var i = 0; i < values.Length; i++)
            if (palette is null)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 2), values[i]);
            else
                bytes[i] = (byte)values[i];
        return palette is null ? Encode(bytes, width, height, 16, Grey, []) : Encode(bytes, width, height, 8, Palette, [.. palette.SelectMany(color => (byte[])[color.R, color.G, color.B])]);
    }

    /// <summary>Bytes of one channel, or of three side by side.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> bytes, int width, int height, int channels) => Encode(bytes, width, height, 8, channels == 1 ? Grey : Rgb, []);

    private static byte[] Encode(ReadOnlySpan<byte> bytes, int width, int height, byte bitDepth, byte colorType, byte[] palette)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bitDepth, colorType);
        PngChunk.Write(file, "IHDR"u8, header);
        if (palette.Length > 0)
            PngChunk.Write(file, "PLTE"u8, palette);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            for (var stride = bytes.Length / height; bytes.Length > 0; bytes = bytes[stride..])
            {
                // Each row begins with its filter. Indices are no intensities, differences between them mean nothing: there is none.
                zlib.WriteByte(0);
                zlib.Write(bytes[..stride]);
            }
        PngChunk.Write(file, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        PngChunk.Write(file, "IEND"u8, []);
        return file.ToArray();
    }
}
