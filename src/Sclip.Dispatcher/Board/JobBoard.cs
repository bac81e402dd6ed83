using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Catalog;
using Sclip.Dispatcher.Control;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Board;

/// <summary>
/// What is known of all jobs, shared by all who ask. Those that go on are in hand, and read again and again, but only what is new of them; one whose
/// reading takes long is read less often. Ended ones are read once, and are in the catalogue alone.
/// </summary>
/// <param name="stores">The jobs.</param>
/// <param name="control">Finds them.</param>
/// <param name="catalog">Where they are listed.</param>
/// <param name="look">What is known of queues and workers.</param>
/// <param name="time">The clock.</param>
internal sealed class JobBoard(JobStores stores, JobControl control, JobCatalog catalog, Func<QueueLook> look, TimeProvider time)
{
    private const int ReadsAtOnce = 8;
    private const int LoadsAtOnce = 32;
    private const int LoadsAsOne = 256;
    private const int Counts = 64;
    private const int NewestChecked = 200;
    private const int Checks = 10;

    // A reading may fill a tenth of the time: that of a job of very many shards lists them all.
    private const int Rest = 9;

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ListingPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CountingTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, JobEntry> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _touched = new(StringComparer.Ordinal);
    private readonly CatalogReader _reader = new(stores.Jobs);
    private readonly Lock _syncing = new();
    private long _listed;
    private volatile bool _unlisted = true;
    private volatile bool _isListed;

    /// <summary>Whether all jobs are known with their counts.</summary>
    public bool IsComplete => _isListed && catalog.Uncounted(1).Count == 0;

    /// <summary>Where a job stands, at most a second old.</summary>
    /// <exception cref="JobRequestException">There is no such job.</exception>
    public async Task<JobStatus> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!_jobs.TryGetValue(id, out var entry) || entry.Facts is null)
            entry = Take(await control.FindAsync(id, cancellationToken));
        entry.Asked = time.GetTimestamp();
        return Explain(entry, await ReadAsync(entry, Freshness, cancellationToken), look());
    }

    /// <summary>Tells that something of a job has changed, so that the next answer shows it.</summary>
    public void Touch(string id)
    {
        if (_jobs.TryGetValue(id, out var entry))
            entry.Touched = true;
        else if (!JobNames.IsPreview(id))
            _touched[id] = true;
    }

    /// <summary>Tells that a worker has a shard of a job, which thus goes on, whatever was known of it.</summary>
    public void TouchEnded(string id)
    {
        if (!_jobs.TryGetValue(id, out var entry) || entry.HasEnded)
            Touch(id);
    }

    /// <summary>Reads what is due; not to be called twice at a time.</summary>
    /// <exception cref="BlobStoreException">The store does not answer; what was known is kept.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isListing = _unlisted || time.GetElapsedTime(_listed) >= ListingPause;
            if (isListing)
                await ListAsync(cancellationToken);
            await LoadAsync(_touched.Keys.Where(id => _touched.TryRemove(id, out _) && !_jobs.ContainsKey(id)).ToArray(), cancellationToken);
            await EachAsync(_jobs.Values.Where(IsDue), entry => entry.Id, ReadsAtOnce, async (entry, token) => await ReadAsync(entry, Freshness / 2, token), cancellationToken);
            await CountAsync(cancellationToken);
            if (isListing)
                await CheckAsync(catalog.Unchecked(NewestChecked, Checks), cancellationToken);
            Sync();
            Forget();
        }
        catch (SqliteException)
        {
            // The catalogue is damaged, or somebody has deleted it: it is made anew from the blobs.
            (_isListed, _unlisted) = (false, true);
            _jobs.Clear();
            catalog.Renew();
            throw;
        }
    }

    /// <summary>Brings the catalogue to what is known of the jobs in hand.</summary>
    /// <returns>These jobs, as they stand by what is known of queues and workers.</returns>
    public IReadOnlyDictionary<string, JobProgress> Sync()
    {
        lock (_syncing)
        {
            var (now, shown, rows) = (look(), new Dictionary<string, JobProgress>(StringComparer.Ordinal), new List<CatalogRow>());
            foreach (var entry in _jobs.Values)
            {
                if (entry.Progress is not { } progress || JobNames.IsPreview(entry.Id))
                    continue;
                var job = progress with { Status = Explain(entry, progress.Status, now), IdleSeconds = entry.IdleSeconds };
                shown[entry.Id] = CatalogRow.Listed(job);
                if (entry.Words is null && entry.Stored is { } stored && CatalogRow.IsSame(stored, job))
                    continue;
                rows.Add(new CatalogRow(shown[entry.Id], entry.Words, IsCounted: true));
                (entry.Words, entry.Stored) = (null, job);
            }
            catalog.Put(rows);
            return shown;
        }
    }

    private static JobStatus Explain(JobEntry entry, JobStatus status, QueueLook now) =>
        WaitReason.Explain(status, JobDocument.IsUrgent(entry.Facts?.Priority ?? 0), now, entry.IdleSeconds is { } idle ? TimeSpan.FromSeconds(idle) : null);

    private static bool IsDue(JobEntry entry) => entry.Progress is null || (entry.HasEnded ? entry.Touched : entry.Age >= Rest * entry.Cost);

    private JobEntry Take(JobDocument job)
    {
        var entry = _jobs.GetOrAdd(job.Id, _ => new JobEntry(job.Id, time));
        if (entry.Facts is null)
            (entry.Facts, entry.Words) = (JobFacts.Of(job), JobWords.Of(job));
        return entry;
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        _unlisted = false;
        var ids = await stores.Jobs.ListJobsAsync(cancellationToken).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        _listed = start;
        foreach (var (id, entry) in _jobs)
            if (!ids.Contains(id) && entry.Added < start)
                _jobs.TryRemove(id, out _);
        var known = catalog.Ended();
        catalog.Remove([.. catalog.Ids().Where(id => !ids.Contains(id) && !_jobs.ContainsKey(id))]);
        // What an earlier process has left is looked at once; what this one has read, it knows.
        if (!_isListed)
            await CheckAsync(known, cancellationToken);
        ids.ExceptWith(known.Select(job => job.Id));
        await LoadAsync(ids.Where(id => !JobNames.IsPreview(id) && !_jobs.ContainsKey(id)), cancellationToken);
        _isListed = true;
    }

    /// <summary>Reads jobs that are not in hand: those that go on are taken in hand, the others put into the catalogue.</summary>
    private async Task LoadAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        // A part at a time, so that those who look see more and more of them.
        foreach (var part in ids.Chunk(LoadsAsOne))
        {
            var rows = new ConcurrentBag<CatalogRow>();
            await EachAsync(part, id => id, LoadsAtOnce, async (id, token) =>
            {
                if (await _reader.ReadAsync(id, token) is not var (job, row))
                    return;
                if (row is not null)
                    rows.Add(row);
                else
                    await ReadAsync(Take(job), Freshness, token);
            }, cancellationToken);
            catalog.Put(rows);
        }
        Sync();
    }

    /// <summary>Reads the results of jobs that were cancelled or failed, a few at a time: these have no summary.</summary>
    private async Task CountAsync(CancellationToken cancellationToken)
    {
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < CountingTime && catalog.Uncounted(Counts) is { Count: > 0 } ids; Sync())
            await EachAsync(ids, id => id, ReadsAtOnce, async (id, token) => await ReadAsync(Take(await control.FindAsync(id, token)), Freshness, token), cancellationToken);
    }

    /// <summary>Looks whether ended jobs have been taken up again: who does so may do it past this service.</summary>
    private async Task CheckAsync(IReadOnlyList<KnownJob> known, CancellationToken cancellationToken)
    {
        var (same, other) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        await EachAsync(known, job => job.Id, LoadsAtOnce, async (job, token) => (await _reader.IsSameAsync(job, token) ? same : other).Add(job.Id), cancellationToken);
        catalog.Check(same);
        foreach (var id in other)
            if (_jobs.TryGetValue(id, out var entry))
                entry.Touched = true;
        await LoadAsync(other.Where(id => !_jobs.ContainsKey(id)), cancellationToken);
    }

    private async Task<JobStatus> ReadAsync(JobEntry entry, TimeSpan freshness, CancellationToken cancellationToken)
    {
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            if (entry.Progress?.Status is { } known && !entry.Touched && entry.Age <= freshness)
                return known;
            // Before the reading: what happens during it is seen by the next.
            entry.Touched = false;
            var start = time.GetTimestamp();
            entry.Reader ??= new JobReader(stores.Jobs, await control.FindAsync(entry.Id, cancellationToken));
            var status = await entry.Reader.ReadAsync(cancellationToken);
            if (!status.State.HasEnded() && await stores.Jobs.ReadPriorityAsync(entry.Id, cancellationToken) is { } changed)
                entry.Facts = entry.Facts! with { Priority = changed.Priority };
            entry.Take(status, start);
            return status;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    /// <summary>Lets go of ended jobs that nobody asks for: the catalogue has them.</summary>
    private void Forget()
    {
        foreach (var entry in _jobs.Values.Where(entry => entry.HasEnded && !entry.Touched && !(entry.Asked is { } asked && time.GetElapsedTime(asked) <= Kept)))
            if (entry.Stored is not null || JobNames.IsPreview(entry.Id))
                _jobs.TryRemove(entry.Id, out _);
    }

    /// <summary>Does something for several jobs at once; one whose documents cannot be used is failed, with the reason.</summary>
    private Task EachAsync<T>(IEnumerable<T> items, Func<T, string> idOf, int atOnce, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(items.ToArray(), new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, async (item, token) =>
        {
            var id = idOf(item);
            try
            {
                await work(item, token);
            }
            catch (JobRequestException error) when (error.Fault == JobRequestFault.NotFound)
            {
                _jobs.TryRemove(id, out _);
                catalog.Remove([id]);
            }
            catch (Exception error) when (error is JobRequestException or JobDocumentException)
            {
                if (_jobs.TryGetValue(id, out var entry))
                    entry.Refuse(error.Message);
                else
                    catalog.Put([new CatalogRow(JobFacts.Unknown.Progress(JobControl.Unusable(id, error.Message)), JobWords.Of(id), IsCounted: true)]);
            }
        });
}
