using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>Finds the first images of a job by reading its results, those of shards under way among them: for who asks once, and keeps no index.</summary>
/// <param name="jobs">The jobs.</param>
public sealed class ImageFinder(JobBlobs jobs)
{
    private const int ReadsAtOnce = 16;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(20);

    /// <summary>The images with the least keys; of a job that takes too long to read, those of the part that was read.</summary>
    /// <exception cref="JobDocumentException">A document of the job is damaged.</exception>
    public async Task<IReadOnlyList<ImageResult>> FindAsync(string id, ImageQuery query, CancellationToken cancellationToken)
    {
        var (started, looked) = (Stopwatch.GetTimestamp(), false);
        // The worst of what is kept leaves first.
        var kept = new PriorityQueue<ImageResult, (double Key, string Name)>(Comparer<(double Key, string Name)>.Create((a, b) => Compare(b, a)));
        await foreach (var results in ReadAsync(id, cancellationToken))
        {
            if (looked && Stopwatch.GetElapsedTime(started) > Time)
                break;
            foreach (var image in results.Where(query.Admits))
            {
                kept.Enqueue(image, (query.Key(image), image.Image));
                if (kept.Count > query.Limit)
                    kept.Dequeue();
            }
            looked = true;
        }
        var images = new ImageResult[kept.Count];
        for (var i = images.Length - 1; i >= 0; i--)
            images[i] = kept.Dequeue();
        return images;
    }

    private static int Compare((double Key, string Name) a, (double Key, string Name) b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : string.CompareOrdinal(a.Name, b.Name);

    /// <summary>The results of finished shards, then of those under way.</summary>
    private async IAsyncEnumerable<IReadOnlyList<ImageResult>> ReadAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var isDraft in (bool[])[false, true])
            await foreach (var shards in jobs.ListShardsAsync(isDraft ? JobNames.Drafts(id) : JobNames.Results(id), cancellationToken).Chunk(ReadsAtOnce).WithCancellation(cancellationToken))
                foreach (var results in await Task.WhenAll(shards.Select(shard => isDraft ? ReadDraftAsync(id, shard, cancellationToken) : jobs.ReadResultAsync(id, shard, cancellationToken))))
                    if (results is not null)
                        yield return results;
    }

    /// <summary>What a shard under way has; null where it is finished, and its results were read already.</summary>
    private async Task<IReadOnlyList<ImageResult>?> ReadDraftAsync(string id, int shard, CancellationToken cancellationToken) =>
        await jobs.Store.ExistsAsync(JobNames.Result(id, shard), cancellationToken) ? null : (await jobs.ReadDraftAsync(id, shard, cancellationToken))?.Results;
}
