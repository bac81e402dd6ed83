using System.Diagnostics;
using Sclip.Contracts.Jobs;

namespace Sclip.Soak.Jobs;

/// <summary>A job of a run, and what must become of it.</summary>
internal sealed class SoakJob(JobRequest request, string kind)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public string Id => request.Id!;

    public JobRequest Request => request;

    /// <summary>What it is, for the reader.</summary>
    public string Kind => kind;

    public int Images => request.Images!.Count;

    public int Shards => (Images + request.ShardSize - 1) / request.ShardSize;

    public bool IsUrgent => request.Priority >= 5;

    /// <summary>Images that must fail, with the reason of each.</summary>
    public IReadOnlyDictionary<string, string> Failures { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds that one worker takes for it; none where it waits for something of its own.</summary>
    public required double Seconds { get; init; }

    /// <summary>The job as it was written; null before.</summary>
    public JobDocument? Document { get; set; }

    /// <summary>Whether no worker can do it: it must fail as a whole.</summary>
    public bool IsHopeless { get; init; }

    /// <summary>How long it took; null while it has not ended.</summary>
    public TimeSpan? Took { get; private set; }

    /// <summary>Whether a message of it was lost: until its retry nobody knows of that shard, and then it comes behind whatever came meanwhile.</summary>
    public bool HasLost { get; set; }

    /// <summary>Whether it is planned and has not ended.</summary>
    public bool IsOpen => Document is not null && Took is null;

    /// <summary>Whether pictures in it kill workers.</summary>
    public bool Kills { get; init; }

    /// <summary>It is retried, and has not ended again.</summary>
    public void Reopen() => Took = null;

    public void End() => Took ??= Stopwatch.GetElapsedTime(_start);

    public override string ToString() => $"{Id} ({kind}, {Images} images in {Shards} shards, priority {request.Priority})";
}
