using Sclip.Contracts.Board;
using Sclip.Contracts.Messages;
using Sclip.Dispatcher.Control;

namespace Sclip.Dispatcher.Board;

/// <summary>What a worker has reported in the last hours.</summary>
internal sealed class WorkerRecord(TimeProvider time)
{
    private const int MostRates = 360;
    private const int MostShards = 50;
    private static readonly TimeSpan RateStep = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private readonly ImageRate _rate = new(time);
    private readonly Queue<WorkerRate> _history = new();
    private readonly LinkedList<RecentShard> _shards = new();
    private long _heard = time.GetTimestamp();
    private long? _sampled;
    private WorkerReport? _report;
    private WorkerState? _state;

    /// <summary>Time since its last report.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref _heard));

    /// <summary>Whether it has said that it ends, with nothing left in work.</summary>
    public bool HasStopped => _report is { Phase: WorkerPhase.Stopping, Shards.Count: 0 };

    /// <summary>Its last report; null while there is none.</summary>
    public WorkerState? State => _state;

    /// <summary>Takes in what it says of itself.</summary>
    public void Hear(WorkerReport report)
    {
        lock (_turn)
        {
            Interlocked.Exchange(ref _heard, time.GetTimestamp());
            _rate.Add(report.Images);
            var rate = _rate.PerSecond is { } perSecond ? Math.Round(perSecond, 3) : (double?)null;
            (_report, _state) = (report, StateOf(report, rate));
            Follow(report.Shards);
            if (_sampled is { } sampled && time.GetElapsedTime(sampled) < RateStep)
                return;
            _sampled = time.GetTimestamp();
            _history.Enqueue(new WorkerRate(time.GetUtcNow(), rate, report.Shards.Count));
            if (_history.Count > MostRates)
                _history.Dequeue();
        }
    }

    /// <summary>All that is known of it.</summary>
    /// <param name="isGone">Whether it is taken for gone.</param>
    public WorkerDetail? Detail(bool isGone)
    {
        lock (_turn)
        {
            if (_state is not { } state || _report is not { } report)
                return null;
            return new WorkerDetail
            {
                Worker = isGone ? state with { Gone = true, ImagesPerSecond = null } : state,
                MemoryBytes = report.MemoryBytes,
                Errors = report.Errors,
                History = [.. _history],
                RecentShards = [.. _shards.Select(shard => isGone && shard.Ended is null ? shard with { Ended = state.Heard } : shard)],
            };
        }
    }

    /// <summary>Notes which shards have come and which have gone; those that come and go between two reports are not seen.</summary>
    private void Follow(IReadOnlyList<ShardInWork> now)
    {
        for (var node = _shards.First; node is not null; node = node.Next)
            if (node.Value is { Ended: null } open && !now.Any(shard => IsSame(open, shard)))
                node.Value = open with { Ended = time.GetUtcNow() };
        foreach (var shard in now)
            if (!_shards.Any(known => IsSame(known, shard)))
                _shards.AddFirst(new RecentShard(shard.Job, shard.Shard, shard.Since, Ended: null));
        while (_shards.Count > MostShards)
            _shards.RemoveLast();
    }

    private static bool IsSame(RecentShard one, ShardInWork other) => (one.Job, one.Shard, one.Since) == (other.Job, other.Shard, other.Since);

    private WorkerState StateOf(WorkerReport report, double? rate) => new()
    {
        Name = report.Worker,
        Started = report.Started,
        Version = report.Version,
        State = report.Phase,
        Reason = report.Reason,
        Waits = report.Waits,
        Shards = report.Shards,
        Images = report.Images,
        Windows = report.Windows,
        WindowsPerSecond = report.WindowsPerSecond,
        ImagesPerSecond = rate,
        Models = report.Models,
        Devices = report.Devices,
        Heard = time.GetUtcNow(),
    };
}
