namespace Sclip.Contracts.Reviews;

/// <summary>What became of a decision on an image.</summary>
public sealed record ReviewOutcome
{
    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>Whether the decision stands.</summary>
    public required bool Ok { get; init; }

    /// <summary>The review as it is now; null where there is none.</summary>
    public ReviewEntry? Entry { get; init; }

    /// <summary>Why the decision does not stand.</summary>
    public string? Problem { get; init; }
}
