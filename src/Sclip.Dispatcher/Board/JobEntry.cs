using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;

namespace Sclip.Dispatcher.Board;

/// <summary>A job in the cache. What is read of its blobs is put in by who has the <see cref="Turn"/>.</summary>
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

    /// <summary>When somebody last asked for this one job.</summary>
    public long Asked { get; set; } = time.GetTimestamp();

    /// <summary>Its document's facts; null until that was read.</summary>
    public JobFacts? Facts { get; set; }

    /// <summary>Reads what is new; null while nobody needs that.</summary>
    public JobReader? Reader { get; set; }

    /// <summary>Whether it goes on, or how it ended; null until that is known.</summary>
    public JobState? State { get; private set; }

    /// <summary>All that is known of it; null until it was read whole.</summary>
    public JobProgress? Progress { get; private set; }

    /// <summary>Whether an event tells that it has changed since it was read.</summary>
    public bool Touched { get; set; }

    /// <summary>How long its last reading took.</summary>
    public TimeSpan Cost { get; private set; }

    /// <summary>When its state was last looked at.</summary>
    public long Checked { get; set; }

    public bool HasEnded => State?.HasEnded() ?? false;

    public TimeSpan Age => _read == NeverRead ? TimeSpan.MaxValue : time.GetElapsedTime(_read);

    public long? IdleSeconds => HasEnded ? null : (long)time.GetElapsedTime(_changed).TotalSeconds;

    /// <summary>Keeps how it ended or that it goes on, where no more than that was read.</summary>
    public void Take(JobState state) => (State, Checked) = (state, time.GetTimestamp());

    /// <summary>Keeps what was read of it.</summary>
    public void Take(JobStatus status, long started)
    {
        var before = Progress?.Status;
        if (before is null || Signs(before) != Signs(status) || !before.Workers.SequenceEqual(status.Workers))
            _changed = time.GetTimestamp();
        Take(status.State);
        (_read, Cost) = (started, time.GetElapsedTime(started));
        if (HasEnded)
            _rate = new(time);
        else
            _rate.Add(status.Labelled + status.Failed);
        var facts = Facts ?? JobFacts.Unknown;
        Progress = new JobProgress
        {
            // One whose documents cannot be used any more keeps its place.
            Status = status with { Created = facts.Created },
            ImagesPerSecond = Round(_rate.PerSecond, 3),
            SecondsLeft = Round(_rate.SecondsLeft(status), 0),
            Model = facts.Model,
            Method = facts.Method,
            Priority = facts.Priority,
            Classes = facts.Classes,
            Input = facts.Input,
        };
    }

    /// <summary>Keeps why its documents cannot be used, for lists alone: who asks for this one job has them read, and is refused.</summary>
    public void Refuse(string reason)
    {
        Take(JobControl.Unusable(id, reason), time.GetTimestamp());
        _read = NeverRead;
    }

    /// <summary>Lets go of all but the facts and the state.</summary>
    public void Shrink() => (Progress, Reader, _read) = (null, null, NeverRead);

    private static double? Round(double? value, int digits) => value is { } known ? Math.Round(known, digits) : null;

    private static (JobState, int, int, long, long) Signs(JobStatus status) => (status.State, status.Shards, status.ShardsDone, status.Labelled, status.Failed);
}
