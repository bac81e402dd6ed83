using System.Security.Cryptography;

namespace Sclip.Storage;

/// <summary>Compares what is in a store with what would be put there.</summary>
public static class HeldContent
{
    /// <summary>Whether a blob holds some content: by its hash, where the store keeps one, else by a hash of what is read.</summary>
    /// <param name="store">The store.</param>
    /// <param name="blob">The blob.</param>
    /// <param name="length">Bytes of the content.</param>
    /// <param name="md5">MD5 hash of the content.</param>
    /// <param name="cancellationToken">Checked while the blob is read.</param>
    /// <exception cref="BlobStoreException">The blob cannot be read.</exception>
    public static async Task<bool> HoldsAsync(this IBlobStore store, BlobEntry blob, long length, ReadOnlyMemory<byte> md5, CancellationToken cancellationToken) =>
        blob.Bytes == length && (blob.Md5 ?? MD5.HashData((await store.ReadAsync(blob.Name, length, cancellationToken)).Bytes)).AsSpan().SequenceEqual(md5.Span);
}
