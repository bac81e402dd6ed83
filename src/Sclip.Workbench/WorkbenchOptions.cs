using Sclip.Dashboard;
using Sclip.Worker.Engines;

namespace Sclip.Workbench;

/// <summary>How the workbench of a cluster works.</summary>
public sealed record WorkbenchOptions : EngineOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Workbench";

    /// <summary>What the dispatcher sends in the header <c>X-Api-Key</c>; needed as soon as the service listens beyond loopback.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Most sessions at the same time.</summary>
    public int MostSessions { get; init; } = 8;

    /// <summary>Minutes after which a session that nobody asks for is ended.</summary>
    public double IdleMinutes { get; init; } = 120;

    /// <summary>Megabytes (2^20 bytes) that the features of all sessions may take; pictures beyond fail.</summary>
    public long FeatureMegabytes { get; init; } = 4096;

    /// <inheritdoc />
    public override string SectionName => Section;

    /// <inheritdoc />
    public override IEnumerable<(string Key, string Problem)> Problems() =>
    [
        .. base.Problems(),
        .. ServiceKey.Refusal(ApiKey) is { } refusal ? [(nameof(ApiKey), refusal)] : Array.Empty<(string, string)>(),
        .. OutOfRange((nameof(MostSessions), MostSessions, 1, 1000), (nameof(IdleMinutes), IdleMinutes, 0.01, 100_000), (nameof(FeatureMegabytes), FeatureMegabytes, 1, 1 << 24)),
    ];
}
