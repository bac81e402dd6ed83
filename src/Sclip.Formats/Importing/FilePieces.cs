using Microsoft.Win32.SafeHandles;
using Sclip.Imaging;

namespace Sclip.Formats.Importing;

/// <summary>A part of a document: where it starts, and its bytes.</summary>
internal readonly record struct FilePiece(long Start, long Length);

/// <summary>Reads parts of a document, which itself is never held as a whole. Several threads may read at a time.</summary>
internal sealed class FilePieces(string path, ImageLimits limits) : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(path);

    /// <summary>The document's path, as errors call it.</summary>
    public string Path => path;

    /// <summary>Opens a document for what keeps it open; where that cannot be made, it is closed again.</summary>
    public static T Open<T>(string path, ImageLimits limits, Func<FilePieces, T> make)
    {
        var file = new FilePieces(path, limits);
        try
        {
            return make(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a part.</summary>
    /// <param name="piece">The part.</param>
    /// <param name="where">What errors call it.</param>
    /// <exception cref="ImportException">It is too large, or the file has changed since it was looked through.</exception>
    public byte[] Read(FilePiece piece, string where)
    {
        if (piece.Length > Math.Min(limits.MaxFileBytes, Array.MaxLength))
            throw new ImportException($"{where}: the annotations of one picture have {piece.Length} bytes, more than the limit of {limits.MaxFileBytes}.");
        var bytes = GC.AllocateUninitializedArray<byte>((int)piece.Length);
        Fill(bytes, piece.Start);
        return bytes;
    }

    /// <summary>Fills a buffer from a place on.</summary>
    /// <exception cref="ImportException">The file has changed since it was looked through, or cannot be read any more.</exception>
    public void Fill(Span<byte> bytes, long start)
    {
        try
        {
            for (int read = 0, more; read < bytes.Length; read += more)
                if ((more = RandomAccess.Read(_file, bytes[read..], start + read)) == 0)
                    throw new ImportException($"{path} has become shorter while it was read. Start again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{path} cannot be read: {error.Message}", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
