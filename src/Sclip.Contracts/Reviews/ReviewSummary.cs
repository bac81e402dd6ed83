namespace Sclip.Contracts.Reviews;

/// <summary>How far the review of a job is. Reviews that are stale count as open.</summary>
public sealed record ReviewSummary
{
    /// <summary>Images of the job; null while they are being listed.</summary>
    public long? Images { get; init; }

    /// <summary>Images that are accepted.</summary>
    public required long Accepted { get; init; }

    /// <summary>Images that are rejected.</summary>
    public required long Rejected { get; init; }

    /// <summary>Images that are flagged.</summary>
    public required long Flagged { get; init; }

    /// <summary>All others; null while the images are being listed.</summary>
    public long? Open { get; init; }

    /// <summary>Of the open images, those that were labelled anew with another result after they were reviewed, or corrected since.</summary>
    public required long Stale { get; init; }

    /// <summary>Images of which a corrected mask counts.</summary>
    public required long Corrected { get; init; }

    /// <summary>Of these, those that were labelled anew with another result after they were corrected.</summary>
    public required long CorrectedStale { get; init; }

    /// <summary>Images with a corrected mask that cannot be of them any more, so that the machine's counts.</summary>
    public required long CorrectedUnused { get; init; }

    /// <summary>Decisions that hold, by who made them, the most first.</summary>
    public required IReadOnlyDictionary<string, long> ByReviewer { get; init; }
}
