using Sclip.Dashboard;
using Sclip.Worker.Engines;

namespace Sclip.Workbench;

/// <summary>How the workbench of a cluster works.</summary>
public sealed record WorkbenchOptions : EngineOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Workbench";

    /// <summary>The key that the dispatcher sends in the header <c>X-Api-Key</c>, of at least 16 characters. It must be set where the service listens beyond this machine.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Most sessions at the same time; one more gets 429.</summary>
    public int MostSessions { get; init; } = 8;

    /// <summary>Minutes after which a session ends that nobody uses.</summary>
    public double IdleMinutes { get; init; } = 120;

    /// <summary>Megabytes (2^20 bytes) that the features of all sessions may take; a picture for which there is no room fails.</summary>
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
