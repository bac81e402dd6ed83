using System.Collections.Concurrent;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Shards;

/// <summary>
/// The jobs whose shards this worker puts back, since what they need cannot be had now. Each says why in its blobs, and is kept for a moment, so
/// that its further shards, which may be thousands before those of another job, go back without a look into the store.
/// </summary>
/// <param name="jobs">The jobs.</param>
/// <param name="identity">Who this worker is.</param>
/// <param name="time">The clock.</param>
public sealed class WaitingJobs(JobBlobs jobs, WorkerIdentity identity, TimeProvider time)
{
    // So long a job is taken to be as it was, above all not cancelled.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ChangeInterval = TimeSpan.FromSeconds(5);

    // Shards that wait come back every minute, and each worker that puts one back says so anew.
    private static readonly TimeSpan NoteHolds = TimeSpan.FromSeconds(150);

    private readonly ConcurrentDictionary<string, Entry> _jobs = new(StringComparer.Ordinal);

    /// <summary>A job that waited a moment ago; null where it is to be read.</summary>
    public JobDocument? Find(string id) => _jobs.TryGetValue(id, out var entry) && entry.Seen is { } seen && time.GetElapsedTime(seen) < Kept ? entry.Job : null;

    /// <summary>Keeps a job that was read just now, and waits.</summary>
    public void Keep(JobDocument job)
    {
        foreach (var (id, entry) in _jobs)
            if (entry.Seen is { } seen && time.GetElapsedTime(seen) > NoteHolds)
                _jobs.TryRemove(id, out _);
        var kept = _jobs.GetOrAdd(job.Id, _ => new Entry { Job = job });
        (kept.Job, kept.Seen) = (job, time.GetTimestamp());
    }

    /// <summary>Says in a job's blobs why it waits, unless that was said just now.</summary>
    public async Task TellAsync(JobDocument job, JobHold hold, CancellationToken cancellationToken)
    {
        var entry = _jobs.GetOrAdd(job.Id, _ => new Entry { Job = job });
        if (entry.Told is { } told && time.GetElapsedTime(told) < (entry.Hold == hold ? NoteInterval : ChangeInterval))
            return;
        (entry.Told, entry.Hold) = (time.GetTimestamp(), hold);
        var now = time.GetUtcNow();
        await TryAsync(() => jobs.WriteWaitAsync(job.Id, new JobWait { Reason = hold.Reason, For = hold.For, Time = now, Until = now + NoteHolds, Worker = identity.Name }, cancellationToken));
    }

    /// <summary>Takes down that a job goes on, and takes back what was said of it here.</summary>
    public async Task ClearAsync(string job, CancellationToken cancellationToken)
    {
        if (_jobs.TryRemove(job, out _))
            await TryAsync(() => jobs.Store.DeleteAsync(JobNames.Waiting(job), cancellationToken));
    }

    /// <summary>A note that is not written is missing to people alone: nothing depends on it.</summary>
    private static async Task TryAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (BlobStoreException)
        {
        }
    }

    private sealed class Entry
    {
        /// <summary>The job as it was read last: its priority may change.</summary>
        public required JobDocument Job { get; set; }

        /// <summary>When its documents were last read.</summary>
        public long? Seen { get; set; }

        public long? Told { get; set; }

        public JobHold? Hold { get; set; }
    }
}
