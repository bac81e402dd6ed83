using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sclip.Storage.Jobs;

/// <summary>Documents that several write at a time: each change is made to what is there and written only where that is still so; else it is made anew.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="type">Their form.</param>
internal sealed class SharedDocument<T>(IBlobStore store, JsonTypeInfo<T> type)
    where T : class
{
    private const int MostAttempts = 200;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Reads one; null where there is none.</summary>
    /// <exception cref="JobDocumentException">It is damaged.</exception>
    public async Task<T?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await store.TryReadAsync(name, JobBlobs.LargestDocument, cancellationToken) is { } content ? JobBlobs.Parse(name, content.Bytes, type) : null;

    /// <summary>Changes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">Makes the new one of the one that is there, if any; null leaves it. Called again each time that another writer was faster.</param>
    /// <param name="cancellationToken">Looked at between attempts.</param>
    /// <exception cref="JobDocumentException">The one that is there is damaged.</exception>
    /// <exception cref="BlobStoreException">It cannot be written, or others were faster each time.</exception>
    public async Task ChangeAsync(string name, Func<T?, T?> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var there = await store.TryReadAsync(name, JobBlobs.LargestDocument, cancellationToken);
            if (change(there is null ? null : JobBlobs.Parse(name, there.Bytes, type)) is not { } changed)
                return;
            var condition = there is null ? WriteCondition.Missing : WriteCondition.Matches(there.ETag);
            if (await store.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(changed, type), condition, cancellationToken) is not null)
                return;
            // Apart from each other, so that those who lost do not meet again at once.
            await Task.Delay(Random.Shared.NextDouble() * Math.Min(attempt / 10.0, 1) * LongestPause, cancellationToken);
        }
        throw new BlobStoreException(BlobStoreFault.Unavailable, $"{name} is being written by too many at once. Try again.");
    }
}
