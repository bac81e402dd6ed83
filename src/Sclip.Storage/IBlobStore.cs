namespace Sclip.Storage;

/// <summary>
/// Where pictures come from and results go: named blobs, '/' between the parts of a name. Writes are whole or not at all.
/// </summary>
public interface IBlobStore
{
    /// <summary>Reads a whole blob.</summary>
    /// <exception cref="BlobStoreException">The blob is missing, unreadable or larger than <paramref name="maxBytes"/>.</exception>
    Task<byte[]> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a blob, all or nothing: <paramref name="write"/> fills a stream (seekable) whose content takes the name only once it
    /// is complete.
    /// </summary>
    /// <exception cref="BlobStoreException">The blob cannot be written (rights, space).</exception>
    Task WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);
}
