using System.Collections.Concurrent;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Board;

/// <summary>
/// What is known of all jobs, shared by all who ask. Documents and ended jobs are read once, those that go on again and again, but only what
/// is new of them; one whose reading takes long is read less often.
/// </summary>
/// <param name="stores">The jobs.</param>
/// <param name="control">Finds them.</param>
/// <param name="look">What is known of queues and workers.</param>
/// <param name="time">The clock.</param>
internal sealed class JobBoard(JobStores stores, JobControl control, Func<QueueLook> look, TimeProvider time)
{
    /// <summary>Jobs in the overview, besides all that have not ended.</summary>
    public const int MostShown = 200;

    private const int ReadsAtOnce = 8;
    private const int ChecksOfEnded = 20;

    // A reading may fill a tenth of the time: that of a job of very many shards lists them all.
    private const int Rest = 9;

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ListingPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, JobEntry> _jobs = new(StringComparer.Ordinal);
    private long _listed;
    private volatile bool _unlisted = true;

    /// <summary>Where a job stands, at most a second old.</summary>
    /// <exception cref="JobRequestException">There is no such job.</exception>
    public async Task<JobStatus> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!_jobs.TryGetValue(id, out var entry) || entry.Facts is null)
        {
            var job = await control.FindAsync(id, cancellationToken);
            entry = _jobs.GetOrAdd(id, _ => new JobEntry(id, time));
            entry.Facts ??= JobFacts.Of(job);
        }
        entry.Asked = time.GetTimestamp();
        return Explain(entry, await ReadAsync(entry, Freshness, cancellationToken), look());
    }

    /// <summary>Tells that something of a job has changed, so that the next answer shows it.</summary>
    public void Touch(string id)
    {
        if (_jobs.TryGetValue(id, out var entry))
            entry.Touched = true;
        else if (!JobNames.IsPreview(id))
            _unlisted = true;
    }

    /// <summary>Reads what is due; not to be called twice at a time.</summary>
    /// <exception cref="BlobStoreException">The store does not answer; what was known is kept.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var isListing = _unlisted || time.GetElapsedTime(_listed) >= ListingPause;
        if (isListing)
            await ListAsync(cancellationToken);
        var shown = Shown().ToArray();
        await EachAsync(shown.Where(IsDue), async (entry, token) => await ReadAsync(entry, Freshness / 2, token), cancellationToken);
        if (!isListing)
            return;
        // Who retries an ended job may do so past this service.
        var ended = shown.Where(entry => entry.HasEnded && entry.Facts != JobFacts.Unknown).OrderBy(entry => entry.Checked).Take(ChecksOfEnded);
        await EachAsync(ended, CheckAsync, cancellationToken);
        Forget(shown);
    }

    /// <summary>All jobs but previews, by how they stand.</summary>
    public IReadOnlyDictionary<JobState, int> Counts()
    {
        var now = look();
        return Listed().CountBy(entry => entry.Progress is { } progress ? Explain(entry, progress.Status, now).State : entry.State!.Value).ToDictionary();
    }

    /// <summary>The jobs of an overview, the newest first.</summary>
    public IReadOnlyList<JobProgress> Progress()
    {
        var now = look();
        return [.. from entry in Shown()
                   let progress = entry.Progress
                   where progress is not null
                   select progress with { Status = Explain(entry, progress.Status, now), IdleSeconds = entry.IdleSeconds }];
    }

    private static JobStatus Explain(JobEntry entry, JobStatus status, QueueLook now) => WaitReason.Explain(status, JobDocument.IsUrgent(entry.Facts?.Priority ?? 0), now);

    private IEnumerable<JobEntry> Listed() => _jobs.Values.Where(entry => entry is { Facts: not null, State: not null } && !JobNames.IsPreview(entry.Id));

    private IEnumerable<JobEntry> Shown() => Listed().OrderByDescending(entry => entry.Facts!.Created).ThenBy(entry => entry.Id, StringComparer.Ordinal)
        .Where((entry, place) => place < MostShown || !entry.HasEnded);

    private static bool IsDue(JobEntry entry) => entry.Progress is null || (entry.HasEnded ? entry.Touched : entry.Age >= Rest * entry.Cost);

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        _unlisted = false;
        var ids = await stores.Jobs.ListJobsAsync(cancellationToken).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        _listed = start;
        foreach (var (id, entry) in _jobs)
            if (!ids.Contains(id) && entry.Added < start)
                _jobs.TryRemove(id, out _);
        foreach (var id in ids)
            if (!JobNames.IsPreview(id))
                _jobs.TryAdd(id, new JobEntry(id, time));
        await EachAsync(_jobs.Values.Where(entry => entry.Facts is null || entry.State is null), LoadAsync, cancellationToken);
    }

    /// <summary>Reads what places a job in the list: with thousands of old ones, no more than that is read of most.</summary>
    private Task LoadAsync(JobEntry entry, CancellationToken cancellationToken) => InTurnAsync(entry, async () =>
    {
        // What a submit left that went no further has no document, and is looked at again with the next listing.
        if (entry.Facts is null && await stores.Jobs.ReadJobAsync(entry.Id, cancellationToken) is { } job)
            entry.Facts = JobFacts.Of(job);
        if (entry is { Facts: not null, State: null })
            entry.Take(await JobReader.ReadStateAsync(stores.Jobs, entry.Id, cancellationToken));
    }, cancellationToken);

    private Task CheckAsync(JobEntry entry, CancellationToken cancellationToken) => InTurnAsync(entry, async () =>
    {
        entry.Checked = time.GetTimestamp();
        entry.Touched |= entry.State != await JobReader.ReadStateAsync(stores.Jobs, entry.Id, cancellationToken);
    }, cancellationToken);

    private async Task<JobStatus> ReadAsync(JobEntry entry, TimeSpan freshness, CancellationToken cancellationToken)
    {
        JobStatus? status = null;
        await InTurnAsync(entry, async () =>
        {
            status = entry.Progress?.Status;
            if (status is not null && !entry.Touched && entry.Age <= freshness)
                return;
            // Before the reading: what happens during it is seen by the next.
            entry.Touched = false;
            var start = time.GetTimestamp();
            entry.Reader ??= new JobReader(stores.Jobs, await control.FindAsync(entry.Id, cancellationToken));
            entry.Take(status = await entry.Reader.ReadAsync(cancellationToken), start);
        }, cancellationToken);
        return status!;
    }

    private static async Task InTurnAsync(JobEntry entry, Func<Task> work, CancellationToken cancellationToken)
    {
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    /// <summary>Lets go of what nobody looks at: the counted shards of ended jobs, and all of those that have left the list.</summary>
    private void Forget(JobEntry[] shown)
    {
        var ids = shown.Select(entry => entry.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in _jobs.Values.Where(entry => entry.HasEnded && time.GetElapsedTime(entry.Asked) > Kept))
        {
            if (!entry.Turn.Wait(0))
                continue;
            if (ids.Contains(entry.Id))
                entry.Reader = null;
            else
                entry.Shrink();
            entry.Turn.Release();
            if (JobNames.IsPreview(entry.Id))
                _jobs.TryRemove(entry.Id, out _);
        }
    }

    /// <summary>Does something for several jobs at once; one whose documents cannot be used is failed, with the reason.</summary>
    private Task EachAsync(IEnumerable<JobEntry> entries, Func<JobEntry, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(entries.ToArray(), new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (entry, token) =>
        {
            try
            {
                await work(entry, token);
            }
            catch (JobRequestException error) when (error.Fault == JobRequestFault.NotFound)
            {
                _jobs.TryRemove(entry.Id, out _);
            }
            catch (Exception error) when (error is JobRequestException or JobDocumentException)
            {
                entry.Facts ??= JobFacts.Unknown;
                entry.Refuse(error.Message);
            }
        });
}
