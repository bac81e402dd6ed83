using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>
/// Finds images in a job's results, those of shards under way among them. There is no index: results are read until the page is full or the
/// time is up, and the answer says how far that went, so that a job of millions of images is looked through page by page.
/// </summary>
/// <param name="jobs">The jobs.</param>
public sealed class ImageFinder(JobBlobs jobs)
{
    private const int ReadsAtOnce = 16;
    private static readonly TimeSpan PageTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SortTime = TimeSpan.FromSeconds(20);

    /// <summary>Finds a page of images.</summary>
    /// <exception cref="JobDocumentException">A document of the job is damaged.</exception>
    public Task<ImagePage> FindAsync(string id, ImageQuery query, CancellationToken cancellationToken) =>
        query.Order == ImageOrder.Shard ? InOrderAsync(id, query, cancellationToken) : FirstAsync(id, query, cancellationToken);

    private async Task<ImagePage> InOrderAsync(string id, ImageQuery query, CancellationToken cancellationToken)
    {
        var (started, found, looked) = (Stopwatch.GetTimestamp(), new List<ImageResult>(), 0L);
        await foreach (var (shard, isDraft, results) in ReadAsync(id, query.After, cancellationToken))
        {
            var first = query.After is { } after && after.Shard == shard && after.IsDraft == isDraft ? after.Line : 0;
            for (var line = first; line < results.Count; line++, looked++)
            {
                if (found.Count == query.Limit || (line == 0 && looked > 0 && Stopwatch.GetElapsedTime(started) > PageTime))
                    return new ImagePage { Images = found, Next = new ImageCursor(shard, isDraft, line).ToString(), Looked = looked, Complete = false };
                if (query.Admits(results[line]))
                    found.Add(results[line]);
            }
        }
        return new ImagePage { Images = found, Looked = looked, Complete = true };
    }

    /// <summary>The images with the least keys: all are looked at, and no more kept than are wanted.</summary>
    private async Task<ImagePage> FirstAsync(string id, ImageQuery query, CancellationToken cancellationToken)
    {
        var (started, looked, complete) = (Stopwatch.GetTimestamp(), 0L, true);
        // The worst of what is kept leaves first.
        var kept = new PriorityQueue<ImageResult, (double Key, string Name)>(Comparer<(double Key, string Name)>.Create((a, b) => Compare(b, a)));
        await foreach (var (_, _, results) in ReadAsync(id, after: null, cancellationToken))
        {
            if (looked > 0 && Stopwatch.GetElapsedTime(started) > SortTime)
            {
                complete = false;
                break;
            }
            foreach (var image in results.Where(query.Admits))
            {
                kept.Enqueue(image, (query.Key(image), image.Image));
                if (kept.Count > query.Limit)
                    kept.Dequeue();
            }
            looked += results.Count;
        }
        var images = new ImageResult[kept.Count];
        for (var i = images.Length - 1; i >= 0; i--)
            images[i] = kept.Dequeue();
        return new ImagePage { Images = images, Looked = looked, Complete = complete };
    }

    private static int Compare((double Key, string Name) a, (double Key, string Name) b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : string.CompareOrdinal(a.Name, b.Name);

    /// <summary>The results of finished shards, then of those under way, from the cursor's on.</summary>
    private async IAsyncEnumerable<(int Shard, bool IsDraft, IReadOnlyList<ImageResult> Results)> ReadAsync(string id, ImageCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var isDraft in after is { IsDraft: true } ? [true] : new[] { false, true })
        {
            var begin = after is { } cursor && cursor.IsDraft == isDraft ? cursor.Shard : (int?)null;
            await foreach (var shards in ListAsync(id, isDraft, begin, cancellationToken).Chunk(ReadsAtOnce).WithCancellation(cancellationToken))
            {
                var read = await Task.WhenAll(shards.Select(shard => isDraft ? ReadDraftAsync(id, shard, cancellationToken) : jobs.ReadResultAsync(id, shard, cancellationToken)));
                foreach (var (shard, results) in shards.Zip(read))
                    if (results is not null)
                        yield return (shard, isDraft, results);
            }
        }
    }

    private async IAsyncEnumerable<int> ListAsync(string id, bool isDraft, int? begin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (begin is { } first)
            yield return first;
        var after = begin is { } shard ? isDraft ? JobNames.Draft(id, shard) : JobNames.Result(id, shard) : null;
        await foreach (var blob in jobs.Store.ListAsync(isDraft ? JobNames.Drafts(id) : JobNames.Results(id), after, cancellationToken))
            if (JobNames.ShardOf(blob.Name) is { } found)
                yield return found;
    }

    /// <summary>What a shard under way has; null where it is finished, and its results were read already.</summary>
    private async Task<IReadOnlyList<ImageResult>?> ReadDraftAsync(string id, int shard, CancellationToken cancellationToken) =>
        await jobs.Store.ExistsAsync(JobNames.Result(id, shard), cancellationToken) ? null : (await jobs.ReadDraftAsync(id, shard, cancellationToken))?.Results;
}
