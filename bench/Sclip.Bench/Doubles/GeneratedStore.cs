using System.Globalization;
using System.Runtime.CompilerServices;
using Sclip.Contracts.Jobs;
using Sclip.Storage;

namespace Sclip.Bench.Doubles;

/// <summary>
/// A container of as many pictures as asked for, whose names are made while they are listed. What is written is counted and dropped, but for
/// the few documents that a planner reads back.
/// </summary>
internal sealed class GeneratedStore(int pictures) : IBlobStore
{
    private const string Tag = "0x8DCF0A1B2C3D4E5";
    private const long PictureBytes = 50_000;
    private readonly Dictionary<string, byte[]> _documents = new(StringComparer.Ordinal);
    private readonly MemoryStream _buffer = new();

    public long BytesWritten { get; private set; }

    public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken) => _documents.TryGetValue(name, out var bytes)
        ? Task.FromResult(new BlobContent(bytes, Tag))
        : throw new BlobStoreException(BlobStoreFault.Missing, $"{name} does not exist.");

    public async Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken)
    {
        if (condition.IfMissing && _documents.ContainsKey(name))
            return null;
        // A planner writes one blob after the other.
        _buffer.SetLength(0);
        await write(_buffer, cancellationToken);
        BytesWritten += _buffer.Length;
        if (JobNames.ShardOf(name) is null)
            _documents[name] = _buffer.ToArray();
        return Tag;
    }

    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < pictures; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = string.Create(CultureInfo.InvariantCulture, $"pictures/{i / 10_000:00000}/{i:000000000}.jpg");
            if (name.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(name, after) > 0))
                yield return new BlobEntry(name, PictureBytes + i % 10_000, Tag, DateTimeOffset.UnixEpoch);
        }
        await Task.CompletedTask;
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_documents.ContainsKey(name));

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
}
