using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Control;

/// <summary>How fast images are done, over the last minute of what was seen of them.</summary>
/// <param name="time">The clock.</param>
public sealed class ImageRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private readonly Queue<(long Time, long Done)> _seen = new();
    private (long Time, long Done) _last;

    /// <summary>Images a second; null while too little was seen.</summary>
    public double? PerSecond
    {
        get
        {
            if (_seen.Count < 2)
                return null;
            var first = _seen.Peek();
            var seconds = time.GetElapsedTime(first.Time, _last.Time).TotalSeconds;
            return seconds > 0 ? (_last.Done - first.Done) / seconds : null;
        }
    }

    /// <summary>Tells how many images are done by now. Where that is less than before, it begins anew: results were taken back.</summary>
    public void Add(long done)
    {
        if (_seen.Count > 0 && done < _last.Done)
            _seen.Clear();
        _seen.Enqueue(_last = (time.GetTimestamp(), done));
        while (_seen.Count > 2 && time.GetElapsedTime(_seen.Peek().Time, _last.Time) > Window)
            _seen.Dequeue();
    }

    /// <summary>Seconds until a job's end at this rate; null where that cannot be told.</summary>
    public double? SecondsLeft(JobStatus job) => job.Images is { } images && PerSecond is > 0 and var rate ? (images - job.Labelled - job.Failed) / rate : null;
}
