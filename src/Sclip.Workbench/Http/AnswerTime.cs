using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sclip.Hosting.Telemetry;

namespace Sclip.Workbench.Http;

/// <summary>Measures answers that somebody waits for as they type or click.</summary>
internal static class AnswerTime
{
    private static readonly Histogram<double> Duration = new Meter(SclipTelemetry.Name).CreateHistogram(
        "sclip.workbench.answer.duration", "s", "Time of an answer of the workbench.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.03, 0.1, 0.2, 0.5, 1, 3, 10, 30] });

    /// <summary>Measures answers by <c>sclip.kind</c>, each with a span; not those that are refused or superseded.</summary>
    public static RouteHandlerBuilder Measured(this RouteHandlerBuilder route, string kind) => route.AddEndpointFilter(async (context, next) =>
    {
        var start = Stopwatch.GetTimestamp();
        using var span = SclipTelemetry.Source.StartActivity($"workbench {kind}")?.SetTag("sclip.session", context.HttpContext.Request.RouteValues["id"]);
        var answer = await next(context);
        Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("sclip.kind", kind));
        return answer;
    });
}
