namespace Sclip.Storage;

/// <summary>Blobs as files below a folder.</summary>
/// <param name="root">The folder; created with the first write.</param>
public sealed class FileBlobStore(string root) : IBlobStore
{
    private readonly string _root = Path.GetFullPath(root);

    /// <inheritdoc />
    public async Task<byte[]> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            var length = new FileInfo(path).Length;
            // Pipes and devices have no length either, and reading them might never end.
            if (length == 0)
                return [];
            return length <= maxBytes
                ? await File.ReadAllBytesAsync(path, cancellationToken)
                : throw new BlobStoreException($"the file has {length} bytes, more than the limit of {maxBytes} (--max-file-size).");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobStoreException("the file does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException($"the file cannot be read: {error.Message}", error);
        }
    }

    /// <inheritdoc />
    public async Task WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        // Not the blob's own name with an addition: the file system's limit is the blob's alone.
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():n}.part");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                await using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous))
                    await write(stream, cancellationToken);
                File.Move(part, path, overwrite: true);
            }
            catch
            {
                File.Delete(part);
                throw;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException($"{path} cannot be written: {error.Message}", error);
        }
    }

    private string PathOf(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root.TrimEnd('/') + "/", StringComparison.Ordinal)
            ? path
            : throw new BlobStoreException($"'{name}' lies outside {_root}.");
    }
}
