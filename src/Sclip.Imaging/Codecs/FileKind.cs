using System.Buffers.Binary;
using System.Text;
using Sclip.Imaging.Codecs.Sharp;

namespace Sclip.Imaging.Codecs;

/// <summary>What a file is, by its first bytes.</summary>
internal enum FileKind
{
    Unknown,
    Jpeg,
    Png,
    WebP,
    Bmp,
    Gif,
    Tiff,
    BigTiff,
    Netpbm,
    OtherNetpbm,
    Heif,
    OtherMedia,
    Tga,
}

/// <summary>Tells kinds of files apart.</summary>
internal static class FileKinds
{
    /// <summary>What <see cref="NameOfHeif"/> calls a picture of AV1.</summary>
    public const string Avif = "AVIF";

    // Brands of still pictures and of sequences, whose primary picture is one: AV1, HEVC, and what says no more than that it is HEIF.
    private static readonly string[] AvifBrands = ["avif", "avis"];
    private static readonly string[] HeicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"];
    private static readonly string[] OtherBrands = ["mif1", "mif2", "msf1", "miaf"];

    public static FileKind Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
            return FileKind.Jpeg;
        if (file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']))
            return FileKind.Png;
        if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8))
            return FileKind.WebP;
        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8))
            return FileKind.Gif;
        if (file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8))
            return FileKind.Tiff;
        if (file.StartsWith("II+\0"u8) || file.StartsWith("MM\0+"u8))
            return FileKind.BigTiff;
        if (file.Length >= 12 && file[4..].StartsWith("ftyp"u8))
            return HasBrand(file, [.. AvifBrands, .. HeicBrands, .. OtherBrands]) ? FileKind.Heif : FileKind.OtherMedia;
        if (file.Length >= 3 && file[0] == 'P' && (char.IsWhiteSpace((char)file[2]) || file[2] == '#'))
        {
            if (file[1] is >= (byte)'1' and <= (byte)'6')
                return FileKind.Netpbm;
            if (file[1] is (byte)'7' or (byte)'F' or (byte)'f')
                return FileKind.OtherNetpbm;
        }
        if (file.StartsWith("BM"u8))
            return FileKind.Bmp;
        // Last, since it has no magic of its own.
        return TgaHeader.IsLikely(file) ? FileKind.Tga : FileKind.Unknown;
    }

    /// <summary>AVIF, HEIC or HEIF, by the brands that a file names, as its chief one or among those that it is also fit for.</summary>
    public static string NameOfHeif(ReadOnlySpan<byte> file) => HasBrand(file, AvifBrands) ? Avif : HasBrand(file, HeicBrands) ? "HEIC" : "HEIF";

    private static bool HasBrand(ReadOnlySpan<byte> file, string[] brands)
    {
        var box = file[..(int)Math.Min((uint)file.Length, BinaryPrimitives.ReadUInt32BigEndian(file))];
        for (var at = 8; at + 4 <= box.Length; at += 4)
            // Behind the chief brand stands its version.
            if (at != 12 && brands.Contains(Encoding.Latin1.GetString(box.Slice(at, 4))))
                return true;
        return false;
    }
}
