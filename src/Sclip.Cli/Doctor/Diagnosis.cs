using System.Text.Json.Serialization;

namespace Sclip.Cli.Doctor;

/// <summary>What <c>sclip doctor</c> found.</summary>
internal sealed record Diagnosis
{
    /// <summary>Whether all works that is needed or configured.</summary>
    public required bool Ok { get; init; }

    public required IReadOnlyList<Finding> Checks { get; init; }
}

/// <summary>What was found of one part.</summary>
internal sealed record Finding
{
    /// <summary>What was looked at, such as <c>libspng</c>.</summary>
    public required string Name { get; init; }

    public required FindingState State { get; init; }

    /// <summary>What was found, or what is missing without it; a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do; null where there is nothing to be done.</summary>
    public string? Advice { get; init; }
}

/// <summary>How a part is.</summary>
internal enum FindingState
{
    /// <summary>It works.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It is needed, or configured, and does not work.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>It is not set up, and need not be.</summary>
    [JsonStringEnumMemberName("not_configured")]
    NotConfigured,
}
