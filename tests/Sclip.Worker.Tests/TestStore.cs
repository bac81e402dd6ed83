using Sclip.Storage;

namespace Sclip.Worker.Tests;

/// <summary>A store that counts reads, may run full or not answer, and may make writers wait.</summary>
internal sealed class TestStore(IBlobStore inner) : IBlobStore
{
    private int _reads, _writes;

    public int WritesLeft { get; init; } = int.MaxValue;

    public int ReadsLeft { get; set; } = int.MaxValue;

    public Task Gate { get; init; } = Task.CompletedTask;

    public TaskCompletionSource FirstWrite { get; } = new();

    public int Reads => _reads;

    public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _reads) > ReadsLeft)
            throw new BlobStoreException(BlobStoreFault.Unavailable, "The store does not answer.");
        return inner.ReadAsync(name, maxBytes, cancellationToken);
    }

    public async Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken)
    {
        FirstWrite.TrySetResult();
        await Gate.WaitAsync(cancellationToken);
        if (Interlocked.Increment(ref _writes) > WritesLeft)
            throw new BlobStoreException(BlobStoreFault.Unavailable, $"{name} cannot be written: No space left on device");
        return await inner.WriteAsync(name, write, condition, cancellationToken);
    }

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => inner.ListAsync(prefix, after, cancellationToken);

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => inner.ListFoldersAsync(folder, cancellationToken);

    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => inner.ExistsAsync(name, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);
}
