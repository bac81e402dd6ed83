using Sclip.Storage;

namespace Sclip.Worker.Tests;

/// <summary>A store that counts reads, may run full, and may make writers wait.</summary>
internal sealed class TestStore(IBlobStore inner) : IBlobStore
{
    private int _reads, _writes;

    public int WritesLeft { get; init; } = int.MaxValue;

    public Task Gate { get; init; } = Task.CompletedTask;

    public TaskCompletionSource FirstWrite { get; } = new();

    public int Reads => _reads;

    public Task<byte[]> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return inner.ReadAsync(name, maxBytes, cancellationToken);
    }

    public async Task WriteAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        FirstWrite.TrySetResult();
        await Gate.WaitAsync(cancellationToken);
        if (Interlocked.Increment(ref _writes) > WritesLeft)
            throw new BlobStoreException($"{name} cannot be written: No space left on device");
        await inner.WriteAsync(name, write, cancellationToken);
    }
}
