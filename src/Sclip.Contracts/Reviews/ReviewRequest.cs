namespace Sclip.Contracts.Reviews;

/// <summary>One decision on one or several images.</summary>
public sealed record ReviewRequest
{
    /// <summary>Most images of a request.</summary>
    public const int MostImages = 500;

    /// <summary>Most characters of a reviewer's name.</summary>
    public const int LongestReviewer = 100;

    /// <summary>Most characters of a note.</summary>
    public const int LongestNote = 2_000;

    /// <summary>Who decides.</summary>
    public required string Reviewer { get; init; }

    /// <summary>The decision.</summary>
    public required ReviewDecision Decision { get; init; }

    /// <summary>What the reviewer has to say; null takes a note away.</summary>
    public string? Note { get; init; }

    /// <summary>The images.</summary>
    public required IReadOnlyList<ReviewTarget> Images { get; init; }
}

/// <summary>An image that is decided on.</summary>
public sealed record ReviewTarget
{
    /// <summary>Its name.</summary>
    public required string Image { get; init; }

    /// <summary>Its shard.</summary>
    public required int Shard { get; init; }

    /// <summary>The revision of its review that the reviewer saw; 0 where there was none.</summary>
    public required int Revision { get; init; }

    /// <summary>Name of the mask that the reviewer saw, the machine's or a corrected one; where another counts by now, nothing is decided. Null takes the one that counts.</summary>
    public string? Mask { get; init; }
}
