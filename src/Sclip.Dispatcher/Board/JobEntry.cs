using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Catalog;
using Sclip.Dispatcher.Control;

namespace Sclip.Dispatcher.Board;

/// <summary>A job in hand: one that goes on, or that somebody asked for lately. What is read of its blobs is put in by who has the <see cref="Turn"/>.</summary>
internal sealed class JobEntry(string id, TimeProvider time)
{
    private const long NeverRead = long.MinValue;
    private ImageRate _rate = new(time);
    private long _changed = time.GetTimestamp();
    private long _read = NeverRead;

    public string Id => id;

    /// <summary>Held by who reads the job's blobs.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>When it came into the cache.</summary>
    public long Added { get; } = time.GetTimestamp();

    /// <summary>When somebody last asked for this one job; null where nobody has.</summary>
    public long? Asked { get; set; }

    /// <summary>Its document's facts; null until that was read.</summary>
    public JobFacts? Facts { get; set; }

    /// <summary>Reads what is new; null while nobody needs that.</summary>
    public JobReader? Reader { get; set; }

    /// <summary>All that is known of it; null until it was read whole.</summary>
    public JobProgress? Progress { get; private set; }

    /// <summary>Whether an event tells that it has changed since it was read.</summary>
    public bool Touched { get; set; }

    /// <summary>How long its last reading took.</summary>
    public TimeSpan Cost { get; private set; }

    /// <summary>Its words, until the catalogue has them.</summary>
    public JobWords? Words { get; set; }

    /// <summary>What the catalogue has of it.</summary>
    public JobProgress? Stored { get; set; }

    public bool HasEnded => Progress?.Status.State.HasEnded() ?? false;

    public TimeSpan Age => _read == NeverRead ? TimeSpan.MaxValue : time.GetElapsedTime(_read);

    public long? IdleSeconds => HasEnded ? null : (long)time.GetElapsedTime(_changed).TotalSeconds;

    /// <summary>Keeps what was read of it.</summary>
    public void Take(JobStatus status, long started)
    {
        var before = Progress?.Status;
        if (before is null || Signs(before) != Signs(status) || !before.Workers.SequenceEqual(status.Workers))
            _changed = time.GetTimestamp();
        (_read, Cost) = (started, time.GetElapsedTime(started));
        if (status.State.HasEnded())
            _rate = new(time);
        else
            _rate.Add(status.Labelled + status.Failed);
        Progress = (Facts ?? JobFacts.Unknown).Progress(status) with { ImagesPerSecond = Round(_rate.PerSecond, 3), SecondsLeft = Round(_rate.SecondsLeft(status), 0) };
    }

    /// <summary>Keeps why its documents cannot be used, for lists alone: who asks for this one job has them read, and is refused.</summary>
    public void Refuse(string reason)
    {
        Take(JobControl.Unusable(id, reason), time.GetTimestamp());
        _read = NeverRead;
    }

    private static double? Round(double? value, int digits) => value is { } known ? Math.Round(known, digits) : null;

    private static (JobState, int, int, long, long) Signs(JobStatus status) => (status.State, status.Shards, status.ShardsDone, status.Labelled, status.Failed);
}
