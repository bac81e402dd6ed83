using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sclip.Hosting.Health;

/// <summary>
/// A report as JSON: <c>{"status":"unhealthy","parts":{"store":{"status":"unhealthy","reason":"…"}}}</c>; a healthy part may have a <c>note</c>.
/// </summary>
internal static class HealthReportJson
{
    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new Report(
            Word(report.Status),
            report.Entries.ToDictionary(part => part.Key, part => new Part(Word(part.Value.Status), Reason(part.Value), HealthNote.Of(part.Value)))),
        context.RequestAborted);

    private static string? Reason(HealthReportEntry part) =>
        part.Status == HealthStatus.Healthy ? null : part.Description ?? part.Exception?.Message ?? "It gives no reason.";

    private static string Word(HealthStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private sealed record Report(string Status, Dictionary<string, Part> Parts);

    private sealed record Part(
        string Status,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note);
}
