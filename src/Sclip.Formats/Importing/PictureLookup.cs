using System.Buffers.Binary;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;

namespace Sclip.Formats.Importing;

/// <summary>Finds the pictures that annotations belong to, which those may tell by name without ending, or not the size of.</summary>
internal static class PictureLookup
{
    private static readonly string[] Endings = [.. ImageDecoder.Endings.SelectMany(ending => (string[])[ending, ending.ToUpperInvariant()])];

    /// <summary>The picture of a name without ending, with its ending, in the first of some folders that has one; null where none has.</summary>
    /// <param name="stem">The name, '/' between folders.</param>
    /// <param name="folders">The folders.</param>
    public static (string Path, string Name)? Find(string stem, params IEnumerable<string?> folders)
    {
        foreach (var folder in folders.OfType<string>().Where(Directory.Exists))
            foreach (var ending in Endings)
                if (System.IO.Path.Combine(folder, stem + ending) is var path && File.Exists(path))
                    return (path, stem + ending);
        return null;
    }

    /// <summary>How large a picture is.</summary>
    /// <exception cref="ImportException">It cannot be read.</exception>
    public static (int Width, int Height) Size(string path, ImageLimits limits)
    {
        try
        {
            return PictureSize.Read(path, limits);
        }
        catch (Exception error) when (error is ImageDecodeException or IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{path}, whose size is needed, cannot be read: {error.Message}", error);
        }
    }

    /// <summary>How many pixels a picture or a mask has, as a PNG's or JPEG's beginning tells; 0 for others, and where it cannot be read, which is told where it is.</summary>
    public static long Pixels(string path, ImageLimits limits)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> head = stackalloc byte[24];
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            if (head is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] && head.Length == 24)
                return ImportFiles.Pixels(BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]));
            return head is [0xFF, 0xD8, ..] && Size(path, limits) is var (width, height) ? ImportFiles.Pixels(width, height) : 0;
        }
        catch (Exception error) when (error is ImportException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Refuses a name that may lead elsewhere.</summary>
    /// <exception cref="ImportException">It may.</exception>
    public static string Named(string name, string where) =>
        JobNames.Refusal(name) is { } refusal ? throw new ImportException($"{where}: the picture '{JobNames.Shown(name)}': {refusal}") : name;
}
