using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;

namespace Sclip.Storage.Jobs;

/// <summary>Documents of shards that several write at a time: each change is made to what is there and written only where that is still so; else it is made anew.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="type">Their form.</param>
internal sealed class SharedEntries<TEntry>(IBlobStore store, JsonTypeInfo<ShardEntries<TEntry>> type)
{
    private const int MostAttempts = 200;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly Dictionary<string, TEntry> None = [];

    /// <summary>Reads the entries of one, by the names of the images; there are none where there is no document.</summary>
    /// <exception cref="JobDocumentException">It is damaged, or of a later version.</exception>
    public async Task<IReadOnlyDictionary<string, TEntry>> ReadAsync(string name, CancellationToken cancellationToken) =>
        Entries(name, await store.TryReadAsync(name, JobBlobs.LargestDocument, cancellationToken));

    /// <summary>The shards that have one, with the tag of its version.</summary>
    public async IAsyncEnumerable<(int Shard, string ETag)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in store.ListAsync(prefix, after: null, cancellationToken))
            if (JobNames.ShardOf(blob.Name) is { } shard)
                yield return (shard, blob.ETag);
    }

    /// <summary>Changes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">Changes the entries that are there, and tells whether it did. Called again each time that another writer was faster.</param>
    /// <param name="cancellationToken">Checked between attempts.</param>
    /// <exception cref="JobDocumentException">The one that is there is damaged, or of a later version.</exception>
    /// <exception cref="BlobStoreException">It cannot be written, or others were faster each time.</exception>
    public async Task ChangeAsync(string name, Func<Dictionary<string, TEntry>, bool> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var there = await store.TryReadAsync(name, JobBlobs.LargestDocument, cancellationToken);
            var entries = new Dictionary<string, TEntry>(Entries(name, there), StringComparer.Ordinal);
            if (!change(entries))
                return;
            var condition = there is null ? WriteCondition.Missing : WriteCondition.Matches(there.ETag);
            if (await store.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(new ShardEntries<TEntry> { Images = entries }, type), condition, cancellationToken) is not null)
                return;
            // Apart from each other, so that those who lost do not meet again at once.
            await Task.Delay(Random.Shared.NextDouble() * Math.Min(attempt / 10.0, 1) * LongestPause, cancellationToken);
        }
        throw new BlobStoreException(BlobStoreFault.Unavailable, $"{name} is being written by too many at once. Try again.");
    }

    private IReadOnlyDictionary<string, TEntry> Entries(string name, BlobContent? content) => content is null ? None : JobBlobs.Parse(name, content.Bytes, type) switch
    {
        { Version: ShardEntries<TEntry>.CurrentVersion } document => document.Images,
        var document => throw new JobDocumentException($"{name} is of version {document.Version}; this program reads {ShardEntries<TEntry>.CurrentVersion}. Update it."),
    };
}
