namespace Sclip.Contracts.Reviews;

/// <summary>A mask that a person made of an image; it stands beside the machine's.</summary>
public sealed record Correction
{
    /// <summary>Name of the corrected mask, below the job's own.</summary>
    public required string Mask { get; init; }

    /// <summary>The SHA-256 hash of its file, in hexadecimal: the tag that a later correction names.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who brought it.</summary>
    public required string By { get; init; }
}
