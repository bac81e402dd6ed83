using System.Collections.Concurrent;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Catalog;
using Sclip.Dispatcher.Control;
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
internal sealed partial class JobBoard(JobStores stores, JobControl control, JobCatalog catalog, Func<QueueLook> look, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, JobEntry> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _touched = new(StringComparer.Ordinal);
    private readonly Lock _syncing = new();

    /// <summary>Whether all jobs are known with their counts.</summary>
    /// <exception cref="CacheException">The catalogue cannot be used.</exception>
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

    /// <summary>Brings the catalogue to what is known of the jobs in hand.</summary>
    /// <returns>These jobs, as they stand by what is known of queues and workers.</returns>
    /// <exception cref="CacheException">The catalogue cannot be used.</exception>
    public IReadOnlyDictionary<string, JobProgress> Sync()
    {
        lock (_syncing)
        {
            var (now, shown, rows) = (look(), new Dictionary<string, JobProgress>(StringComparer.Ordinal), new List<(JobEntry Entry, CatalogRow Row, JobProgress Job)>());
            foreach (var entry in _jobs.Values)
            {
                if (entry.Progress is not { } progress || JobNames.IsPreview(entry.Id))
                    continue;
                var job = progress with { Status = Explain(entry, progress.Status, now), IdleSeconds = entry.IdleSeconds };
                shown[entry.Id] = CatalogRow.Listed(job);
                if (entry.Words is null && entry.Stored is { } stored && CatalogRow.IsSame(stored, job))
                    continue;
                rows.Add((entry, new CatalogRow(shown[entry.Id], entry.Words, IsCounted: true), job));
            }
            catalog.Put([.. rows.Select(row => row.Row)]);
            foreach (var (entry, _, job) in rows)
                (entry.Words, entry.Stored) = (null, job);
            return shown;
        }
    }

    private static JobStatus Explain(JobEntry entry, JobStatus status, QueueLook now) =>
        WaitReason.Explain(status, JobDocument.IsUrgent(entry.Facts?.Priority ?? 0), now, entry.IdleSeconds is { } idle ? TimeSpan.FromSeconds(idle) : null);

    private JobEntry Take(JobDocument job)
    {
        var entry = _jobs.GetOrAdd(job.Id, _ => new JobEntry(job.Id, time));
        if (entry.Facts is null)
            (entry.Facts, entry.Words) = (JobFacts.Of(job), JobWords.Of(job));
        return entry;
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
}
