namespace Sclip.Storage;

/// <summary>What failures of the file system mean to users of a store.</summary>
internal static class FileFaults
{
    /// <summary>A file could not be read.</summary>
    public static BlobStoreException Unread(string path, Exception error) => IsMissing(path, error)
        ? new BlobStoreException(BlobStoreFault.Missing, $"{path} does not exist.", error)
        : Translate(error, $"{path} cannot be read");

    /// <summary>A file could not be written.</summary>
    public static BlobStoreException Unwritten(string path, Exception error)
    {
        if (Directory.Exists(path))
            return new BlobStoreException(BlobStoreFault.InvalidName, $"{path} cannot be written: it is a folder, in which other blobs are.", error);
        if (FileAbove(Path.GetDirectoryName(path)) is { } file)
            return new BlobStoreException(BlobStoreFault.InvalidName, $"{path} cannot be written: {file} is a file, and no blob can be below it.", error);
        return Translate(error, $"{path} cannot be written");
    }

    /// <summary>Any other failure.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="what">What could not be done, the beginning of a sentence.</param>
    public static BlobStoreException Translate(Exception error, string what) => error switch
    {
        UnauthorizedAccessException => new(BlobStoreFault.Denied, $"{what}: {error.Message}", error),
        PathTooLongException => new(BlobStoreFault.InvalidName, $"{what}: the name, or a part of it, is longer than the file system takes.", error),
        _ => new(BlobStoreFault.Unavailable, $"{what}: {error.Message}", error),
    };

    /// <summary>Whether a failure is for want of the file: there is none, a folder of its name, or a file where a folder above it should be.</summary>
    public static bool IsMissing(string path, Exception error) =>
        error is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(path) || FileAbove(Path.GetDirectoryName(path)!) is not null;

    /// <summary>The file that stands where a folder, or one above it, should be; null where none does.</summary>
    public static string? FileAbove(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(folder))
                return folder;
        return null;
    }
}
