namespace Sclip.Cli.Jobs;

/// <summary>What <c>sclip submit --json</c> prints.</summary>
internal sealed record SubmitOutcome
{
    /// <summary>The job's id.</summary>
    public required string Job { get; init; }

    /// <summary>False where the same job was there already.</summary>
    public required bool IsNew { get; init; }

    public required long Images { get; init; }

    public required int Shards { get; init; }

    /// <summary>Blobs below the prefix that are no pictures by their names.</summary>
    public required long OtherBlobs { get; init; }

    /// <summary>Where the classes are likely not what was meant.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
