namespace Sclip.Storage;

/// <summary>Short forms of what is done with whole, small blobs.</summary>
public static class BlobStoreExtensions
{
    /// <summary>Writes bytes, whatever is there.</summary>
    public static Task WriteAsync(this IBlobStore store, string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        store.WriteAsync(name, write, WriteCondition.None, cancellationToken);

    /// <summary>Writes bytes.</summary>
    /// <returns>The new tag; null where the condition did not hold.</returns>
    public static Task<string?> WriteAsync(this IBlobStore store, string name, ReadOnlyMemory<byte> bytes, WriteCondition condition, CancellationToken cancellationToken) =>
        store.WriteAsync(name, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), condition, cancellationToken);

    /// <summary>Reads a whole blob; null where it is missing.</summary>
    public static async Task<BlobContent?> TryReadAsync(this IBlobStore store, string name, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(name, maxBytes, cancellationToken);
        }
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.Missing)
        {
            return null;
        }
    }
}
