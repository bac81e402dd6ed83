using System.IO.Compression;
using System.Text;
using Sclip.Contracts;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Results of successive images as an index keeps them: packed lines, since they take a tenth so, and one is read by unpacking few others.</summary>
internal static class ImageBlock
{
    /// <summary>Packs results.</summary>
    public static byte[] Pack(IEnumerable<ImageResult> results)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest))
            foreach (var result in results)
            {
                deflate.Write(Encoding.UTF8.GetBytes(result.ToLine()));
                deflate.WriteByte((byte)'\n');
            }
        return packed.ToArray();
    }

    /// <summary>The lines of a block.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static string[] Unpack(byte[] packed)
    {
        using var lines = new StreamReader(new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress), Encoding.UTF8);
        return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The result of a line.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static ImageResult Read(string[] lines, int line) =>
        line < lines.Length && ImageResult.TryParse(lines[line]) is { } result ? result : throw new InvalidDataException("The index of a job's images has a torn line.");
}
