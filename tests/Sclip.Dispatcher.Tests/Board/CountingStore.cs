using System.Collections.Concurrent;
using Sclip.Storage;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>A store that keeps count of what is read of it.</summary>
internal sealed class CountingStore(IBlobStore store) : IBlobStore
{
    private readonly ConcurrentQueue<string> _read = new();

    /// <summary>Called before each reading.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Names of the blobs that were read, looked for or listed since the last call.</summary>
    public string[] Take()
    {
        var taken = _read.ToArray();
        _read.Clear();
        return taken;
    }

    public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken)
    {
        Note(name);
        return store.ReadAsync(name, maxBytes, cancellationToken);
    }

    public Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken) =>
        store.WriteAsync(name, write, condition, cancellationToken);

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken)
    {
        Note(prefix);
        return store.ListAsync(prefix, after, cancellationToken);
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken)
    {
        Note(folder);
        return store.ListFoldersAsync(folder, cancellationToken);
    }

    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        Note(name);
        return store.ExistsAsync(name, cancellationToken);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => store.DeleteAsync(name, cancellationToken);

    private void Note(string name)
    {
        _read.Enqueue(name);
        Before(name);
    }
}
