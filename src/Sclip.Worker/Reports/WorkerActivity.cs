using System.Collections.Concurrent;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Hosting;
using Sclip.Worker.Shards;

namespace Sclip.Worker.Reports;

/// <summary>What this worker does, and has done since it started.</summary>
public sealed class WorkerActivity : IShardObserver, IDisposable
{
    private const int MostErrors = 10;
    private const int LongestReason = 500;
    private readonly ConcurrentDictionary<Delivery, ShardInWork> _shards = new();
    private readonly ConcurrentQueue<WorkerError> _errors = new();
    private readonly BusyTime _busy = new();
    private long _images;
    private long _windows;

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    /// <summary>Shards in work, in the order in which they came.</summary>
    public IReadOnlyList<ShardInWork> Shards => [.. _shards.Values.OrderBy(shard => shard.Since)];

    /// <summary>Images that have a result; one that is computed again counts again.</summary>
    public long Images => Interlocked.Read(ref _images);

    /// <summary>Windows computed for them.</summary>
    public long Windows => Interlocked.Read(ref _windows);

    /// <summary>The last deliveries that failed, the newest first.</summary>
    public IReadOnlyList<WorkerError> Errors => [.. _errors.Reverse()];

    /// <summary>Windows a second while a shard was in work; null while none is computed.</summary>
    public double? WindowsPerSecond => Windows is > 0 and var windows && _busy.Seconds is > 0 and var seconds ? Math.Round(windows / seconds, 3) : null;

    /// <summary>Set with each shard that comes or goes.</summary>
    public AsyncAutoResetEvent Changed { get; } = new();

    /// <summary>Takes a shard into work, until the result is disposed of.</summary>
    public IDisposable Begin(string job, int shard)
    {
        var delivery = new Delivery(this);
        _busy.Begin();
        _shards[delivery] = new ShardInWork { Job = job, Shard = shard, Since = DateTimeOffset.UtcNow };
        Changed.Set();
        return delivery;
    }

    /// <summary>Notes that a delivery failed.</summary>
    public void Fail(string job, int shard, Exception error)
    {
        var reason = error.Message.ReplaceLineEndings(" ");
        _errors.Enqueue(new WorkerError(DateTimeOffset.UtcNow, job, shard, reason.Length <= LongestReason ? reason : reason[..LongestReason] + "…"));
        while (_errors.Count > MostErrors)
            _errors.TryDequeue(out _);
    }

    /// <inheritdoc />
    public void Began(JobDocument job, int shard)
    {
    }

    /// <inheritdoc />
    public void Labelled(JobDocument job, int shard, ImageResult result)
    {
        Interlocked.Increment(ref _images);
        Interlocked.Add(ref _windows, result.Windows ?? 0);
    }

    /// <inheritdoc />
    public void Ended(JobDocument job, int shard, ShardOutcome outcome)
    {
    }

    /// <inheritdoc />
    public void Failed(Exception error)
    {
    }

    /// <inheritdoc />
    public void Dispose() => Changed.Dispose();

    private sealed class Delivery(WorkerActivity activity) : IDisposable
    {
        public void Dispose()
        {
            if (!activity._shards.TryRemove(this, out _))
                return;
            activity._busy.End();
            activity.Changed.Set();
        }
    }
}
