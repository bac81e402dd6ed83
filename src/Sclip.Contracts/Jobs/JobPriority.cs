namespace Sclip.Contracts.Jobs;

/// <summary>A job's priority where it was changed since the submit: it stands beside the job's document, which never changes.</summary>
public sealed record JobPriority
{
    /// <summary>0 to 9, in place of <see cref="JobDocument.Priority"/>.</summary>
    public required int Priority { get; init; }

    /// <summary>When it was changed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>True until the job's shards are in the queue of this priority; null then.</summary>
    public bool? Moving { get; init; }
}
