using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Jobs that were asked for, the newest first: what <c>sclip jobs --json</c> prints.</summary>
internal sealed record JobListing
{
    public required IReadOnlyList<JobStatus> Jobs { get; init; }

    /// <summary>How many there are in all that match; null where a limit ended the search before that was known.</summary>
    public long? Total { get; init; }

    /// <summary>Whether a limit has left some out.</summary>
    public required bool HasMore { get; init; }

    /// <summary>False while a dispatcher that was asked is still reading which jobs there are.</summary>
    public bool Complete { get; init; } = true;
}
