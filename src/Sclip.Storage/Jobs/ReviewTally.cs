using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;

namespace Sclip.Storage.Jobs;

/// <summary>Counts of a job's reviews; kept while a job is reviewed, it reads only shards whose reviews, corrections or results are new.</summary>
/// <param name="stores">The jobs and their outputs.</param>
/// <param name="id">The job.</param>
public sealed class ReviewTally(JobStores stores, string id)
{
    private const int ReadsAtOnce = 16;
    private readonly ReviewedImages _images = new(stores);
    private readonly JobReviews _reviews = new(stores.Jobs);
    private readonly JobCorrections _corrections = new(stores);
    private Dictionary<int, (Tags Tags, Counts Counts)> _shards = [];

    /// <summary>Counts what is there now; not to be called twice at a time.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async Task<ReviewSummary> RefreshAsync(CancellationToken cancellationToken)
    {
        var plan = await stores.Jobs.ReadPlanAsync(id, cancellationToken);
        var present = await ListAsync(cancellationToken);
        var counted = new Dictionary<int, (Tags Tags, Counts Counts)>();
        await Parallel.ForEachAsync(present, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (item, token) =>
        {
            var (shard, tags) = item;
            // Without a tag of the results they are a draft's, and another one soon.
            var counts = tags.Result is not null && _shards.TryGetValue(shard, out var known) && known.Tags == tags ? known.Counts : Counts.Of(await _images.ReadAsync(id, shard, token));
            lock (counted)
                counted.Add(shard, (tags, counts));
        });
        _shards = counted;
        return Sum(plan?.Images);
    }

    private async Task<Dictionary<int, Tags>> ListAsync(CancellationToken cancellationToken)
    {
        var present = new Dictionary<int, Tags>();
        await foreach (var (shard, tag) in _reviews.ListAsync(id, cancellationToken))
            present[shard] = new Tags(tag, null, null);
        await foreach (var (shard, tag) in _corrections.ListAsync(id, cancellationToken))
            present[shard] = (present.GetValueOrDefault(shard) ?? new Tags(null, null, null)) with { Correction = tag };
        if (present.Count > 0)
            await foreach (var blob in stores.Jobs.Store.ListAsync(JobNames.Results(id), after: null, cancellationToken))
                if (JobNames.ShardOf(blob.Name) is { } shard && present.TryGetValue(shard, out var tags))
                    present[shard] = tags with { Result = blob.ETag };
        return present;
    }

    private ReviewSummary Sum(long? images)
    {
        var all = _shards.Values.Select(shard => shard.Counts).ToArray();
        long Of(ReviewDecision decision) => all.Sum(counts => counts.By.Where(item => item.Key.Decision == decision).Sum(item => item.Value));
        var (accepted, rejected, flagged) = (Of(ReviewDecision.Accepted), Of(ReviewDecision.Rejected), Of(ReviewDecision.Flagged));
        return new ReviewSummary
        {
            Images = images,
            Accepted = accepted,
            Rejected = rejected,
            Flagged = flagged,
            Open = images - accepted - rejected - flagged,
            Stale = all.Sum(counts => counts.Stale),
            Corrected = all.Sum(counts => counts.Corrected),
            CorrectedStale = all.Sum(counts => counts.CorrectedStale),
            CorrectedUnused = all.Sum(counts => counts.CorrectedUnused),
            ByReviewer = all.SelectMany(counts => counts.By).GroupBy(item => item.Key.Reviewer, item => item.Value, StringComparer.Ordinal).Select(group => (Name: group.Key, Images: group.Sum()))
                .OrderByDescending(item => item.Images).ThenBy(item => item.Name, StringComparer.Ordinal).ToDictionary(item => item.Name, item => item.Images),
        };
    }

    private sealed record Tags(string? Review, string? Correction, string? Result);

    private sealed record Counts(IReadOnlyDictionary<(string Reviewer, ReviewDecision Decision), long> By, long Stale, long Corrected, long CorrectedStale, long CorrectedUnused)
    {
        public static Counts Of(IReadOnlyList<ReviewedImage> images) => new(
            images.Where(image => image is { Current: not ReviewDecision.None, Reviewer: not null }).CountBy(image => (image.Reviewer!, image.Current)).ToDictionary(item => item.Key, item => (long)item.Value),
            images.LongCount(image => image is { Stale: true, Decision: not ReviewDecision.None }),
            images.LongCount(image => image.Counting is not null),
            images.LongCount(image => image is { CorrectedStale: true, CorrectedUnused: false }),
            images.LongCount(image => image.CorrectedUnused));
    }
}
