namespace Sclip.Cli.Jobs;

/// <summary>What <c>sclip upload --json</c> prints.</summary>
internal sealed record UploadOutcome
{
    /// <summary>The place, as it was given: CONTAINER or CONTAINER/PREFIX.</summary>
    public required string To { get; init; }

    public required long Uploaded { get; init; }

    /// <summary>Pictures that took the place of others.</summary>
    public required long Replaced { get; init; }

    /// <summary>Pictures that were there already with the same content.</summary>
    public required long Present { get; init; }

    public required long Failed { get; init; }
}
