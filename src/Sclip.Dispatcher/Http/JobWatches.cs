using System.Collections.Concurrent;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>What is known of jobs, shared by all who ask: a job's blobs are read at most once a second, and only what is new.</summary>
internal sealed class JobWatches(JobStores stores, JobControl control)
{
    private const int MostWatches = 256;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    /// <summary>Where a job stands, at most a second old.</summary>
    /// <exception cref="JobRequestException">There is no such job.</exception>
    public async Task<JobStatus> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (!_watches.TryGetValue(id, out var watch))
        {
            var job = await control.FindAsync(id, cancellationToken);
            if (_watches.Count >= MostWatches)
                _watches.Clear();
            watch = _watches.GetOrAdd(id, _ => new Watch(new JobReader(stores.Jobs, job)));
        }
        await watch.Turn.WaitAsync(cancellationToken);
        try
        {
            if (watch.Status is null || DateTimeOffset.UtcNow - watch.Read > Freshness)
            {
                watch.Status = await watch.Reader.ReadAsync(cancellationToken);
                watch.Read = DateTimeOffset.UtcNow;
            }
            return watch.Status;
        }
        finally
        {
            watch.Turn.Release();
        }
    }

    /// <summary>Forgets what is known, so that the next answer shows what a command has changed.</summary>
    public void Forget(string id) => _watches.TryRemove(id, out _);

    private sealed class Watch(JobReader reader)
    {
        public JobReader Reader => reader;

        public SemaphoreSlim Turn { get; } = new(1);

        public JobStatus? Status { get; set; }

        public DateTimeOffset Read { get; set; }
    }
}
