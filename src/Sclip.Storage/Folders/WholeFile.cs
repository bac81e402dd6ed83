namespace Sclip.Storage.Folders;

/// <summary>Writes small files as a whole: who reads one sees what was there before, or all of what is there now.</summary>
public static class WholeFile
{
    /// <summary>Replaces a file, and makes its folder where there is none.</summary>
    /// <exception cref="IOException">It cannot be written; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var part = PartOf(path);
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write))
                file.Write(content);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Sees whether a file could be written in a folder that is there.</summary>
    /// <exception cref="IOException">It could not.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void RequireWritable(string path) => new FileStream(PartOf(path), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();

    /// <summary>A name that nobody has: one that is only likely free may be a file of somebody's.</summary>
    private static string PartOf(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}.part");
}
