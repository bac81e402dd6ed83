using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sclip.Hosting.Health;

/// <summary>What a health check has to tell while all is well.</summary>
public static class HealthNote
{
    private const string Key = "note";

    /// <summary>A healthy result with a note.</summary>
    public static HealthCheckResult Healthy(string note) => HealthCheckResult.Healthy(data: new Dictionary<string, object> { [Key] = note });

    /// <summary>The note of a part of a report; null where it has none.</summary>
    internal static string? Of(HealthReportEntry part) => part.Data.GetValueOrDefault(Key) as string;
}
