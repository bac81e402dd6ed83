using Microsoft.Extensions.Hosting;
using Sclip.Hosting.Messaging;

namespace Sclip.Worker.Shards;

/// <summary>
/// Since when a worker has no consumer on which of its queues, as the broker's client sees it: the bus has been seen to stay without one for
/// minutes and to call itself degraded. While the worker ends it has none by right.
/// </summary>
internal sealed class ConsumerWatch
{
    /// <summary>How long a queue may have no consumer before the worker is not ready.</summary>
    public static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(1);

    /// <summary>How long before it is not alive, so that whoever runs it starts it anew.</summary>
    public static readonly TimeSpan LiveLimit = TimeSpan.FromMinutes(5);

    private readonly Lock _turn = new();
    private readonly Dictionary<string, State> _queues;
    private readonly IHostApplicationLifetime _host;
    private readonly TimeProvider _time;

    public ConsumerWatch(IHostApplicationLifetime host, TimeProvider time)
    {
        (_host, _time) = (host, time);
        _queues = ShardQueues.Work.ToDictionary(queue => queue, _ => new State(null, time.GetTimestamp(), "there has been none since the worker started"));
    }

    /// <summary>Takes down that the broker has confirmed a consumer.</summary>
    /// <param name="queue">On which queue.</param>
    /// <param name="owner">Whose it is: its channel's.</param>
    public void Begin(string queue, object owner)
    {
        lock (_turn)
            _queues[queue] = new(owner, 0, "");
    }

    /// <summary>Takes down that a consumer is gone; what is told late of one that has been replaced changes nothing.</summary>
    public void End(string queue, object owner, string reason)
    {
        lock (_turn)
            if (_queues[queue].Owner == owner)
                _queues[queue] = new(null, _time.GetTimestamp(), reason);
    }

    /// <summary>Takes down why a queue without a consumer still has none.</summary>
    public void Fail(string queue, string reason)
    {
        lock (_turn)
            if (_queues[queue] is { Owner: null } state)
                _queues[queue] = state with { Reason = reason };
    }

    /// <summary>Which queues have had no consumer for so long, and why; null where there are none.</summary>
    public string? Problem(TimeSpan limit)
    {
        if (_host.ApplicationStopping.IsCancellationRequested)
            return null;
        lock (_turn)
        {
            var lost = _queues.Where(queue => queue.Value.Owner is null && _time.GetElapsedTime(queue.Value.Since) >= limit)
                .Select(queue => FormattableString.Invariant($"no consumer on {queue.Key} for {_time.GetElapsedTime(queue.Value.Since).TotalSeconds:0} s: {queue.Value.Reason}"));
            return string.Join("; ", lost) is { Length: > 0 } problem ? problem : null;
        }
    }

    private sealed record State(object? Owner, long Since, string Reason);
}
