using System.Diagnostics;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage.Jobs;

namespace Sclip.Worker.Shards;

/// <summary>
/// A shard's draft in the hands of one delivery: the results so far, saved now and then, each time only over the version that this
/// delivery wrote last. So a delivery whose shard was given to another worker (after a cut connection, say) finds out, and leaves it.
/// </summary>
internal sealed class ShardLedger
{
    private readonly JobBlobs _blobs;
    private readonly string _job;
    private readonly int _shard;
    private readonly Dictionary<string, ImageResult> _results;
    private ShardDraft _head;
    private string _etag;
    private long _saved = Stopwatch.GetTimestamp();

    private ShardLedger(JobBlobs blobs, string job, int shard, ShardDraft head, IEnumerable<ImageResult> results, string etag)
    {
        (_blobs, _job, _shard, _head, _etag) = (blobs, job, shard, head, etag);
        _results = results.ToDictionary(result => result.Image, StringComparer.Ordinal);
    }

    /// <summary>Results by image.</summary>
    public IReadOnlyDictionary<string, ImageResult> Results => _results;

    /// <summary>Whether an earlier delivery left the shard unfinished.</summary>
    public bool IsRedelivery => _head.Deliveries > 1;

    /// <summary>Whether there was no draft: nobody has begun the shard, or somebody has committed it.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Whether images are to be taken one at a time: earlier deliveries died, and no image was completed in between.</summary>
    public bool OneByOne { get; private init; }

    /// <summary>Seconds since the last save.</summary>
    public double SecondsSinceSave => Stopwatch.GetElapsedTime(_saved).TotalSeconds;

    /// <summary>Takes a shard over from whoever had it.</summary>
    /// <returns>Null where <paramref name="stop"/> came first: a delivery that is lost would take the shard from the one that came in its place.</returns>
    public static async Task<ShardLedger?> ClaimAsync(
        JobBlobs blobs, string job, int shard, string worker, WorkerOptions options, CancellationToken stop, CancellationToken cancellationToken)
    {
        string? suspected = null;
        while (true)
        {
            var draft = await blobs.ReadDraftAsync(job, shard, cancellationToken);
            var (before, results) = draft is { } known ? (known.Head, known.Results.ToList()) : (new ShardDraft(), []);
            // One that let the shard go said so; this very process, trying again after a failure it reported, has not died.
            var died = before.Worker is not null && before.Worker != worker;
            // Its connection may have been cut, and not its life: one that lives saves, or lets the shard go.
            if (died && before.Current is not null && suspected != draft?.ETag)
            {
                suspected = draft?.ETag;
                await Task.Delay(TimeSpan.FromSeconds(options.QuarantineSeconds), cancellationToken);
                continue;
            }
            if (died && before.Current is { } current)
                results.Add(Quarantined(current, before.Deliveries));
            if (stop.IsCancellationRequested)
                return null;
            var head = before with { Worker = worker, Deliveries = before.Deliveries + 1, Deaths = before.Deaths + (died ? 1 : 0), Current = null };
            if (await blobs.WriteDraftAsync(job, shard, head, results, draft?.ETag, cancellationToken) is { } etag)
                return new ShardLedger(blobs, job, shard, head, results, etag) { IsNew = draft is null, OneByOne = head.Deaths >= options.DeathsBeforeCare };
        }
    }

    /// <summary>Takes down a result; saved with the next <see cref="SaveAsync"/>.</summary>
    public void Add(ImageResult result)
    {
        _results[result.Image] = result;
        // Once images go one by one they do to the end: the next one that kills a process is then found by its first death.
        _head = OneByOne ? _head with { Current = null } : _head with { Deaths = 0 };
    }

    /// <summary>Says, before an image is begun, that it is the one under way.</summary>
    /// <returns>False where another delivery has taken the shard over.</returns>
    public Task<bool> BeginAsync(string image, CancellationToken cancellationToken)
    {
        _head = _head with { Current = image };
        return SaveAsync(cancellationToken);
    }

    /// <summary>Saves what is done.</summary>
    /// <returns>False where another delivery has taken the shard over.</returns>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        _saved = Stopwatch.GetTimestamp();
        if (await _blobs.WriteDraftAsync(_job, _shard, _head, _results.Values, _etag, cancellationToken) is not { } etag)
            return false;
        _etag = etag;
        return true;
    }

    /// <summary>Saves what is done, and lets the shard go.</summary>
    public Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        _head = _head with { Worker = null, Current = null };
        return SaveAsync(cancellationToken);
    }

    /// <summary>Deletes the draft: the shard is committed.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) => _blobs.Store.DeleteAsync(JobNames.Draft(_job, _shard), cancellationToken);

    private static ImageResult Quarantined(string image, int deliveries) => new()
    {
        Image = image,
        Status = ImageStatus.Failed,
        Reason = FailureReasons.WorkerDied,
        Error = $"worker died: {deliveries} deliveries of its shard ended with the process, the last while this image was in work alone.",
    };
}
