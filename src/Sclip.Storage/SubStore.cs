using System.Runtime.CompilerServices;

namespace Sclip.Storage;

/// <summary>The part of a store below a prefix, as a store of its own.</summary>
/// <param name="store">The whole.</param>
/// <param name="prefix">What all names begin with there, and do not here.</param>
public sealed class SubStore(IBlobStore store, string prefix) : IBlobStore
{
    /// <inheritdoc />
    public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken) => store.ReadAsync(prefix + name, maxBytes, cancellationToken);

    /// <inheritdoc />
    public Task<byte[]> ReadHeadAsync(string name, int bytes, CancellationToken cancellationToken) => store.ReadHeadAsync(prefix + name, bytes, cancellationToken);

    /// <inheritdoc />
    public Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken) =>
        store.WriteAsync(prefix + name, write, condition, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefixBelow, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in store.ListAsync(prefix + prefixBelow, after is null ? null : prefix + after, cancellationToken))
            yield return entry with { Name = entry.Name[prefix.Length..] };
    }

    /// <inheritdoc />
    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => store.ListFoldersAsync(prefix + folder, cancellationToken);

    /// <inheritdoc />
    public async Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken) => await store.FindAsync(prefix + name, cancellationToken) is { } entry ? entry with { Name = name } : null;

    /// <inheritdoc />
    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => store.ExistsAsync(prefix + name, cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => store.DeleteAsync(prefix + name, cancellationToken);
}
