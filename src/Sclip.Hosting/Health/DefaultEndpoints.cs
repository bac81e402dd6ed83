using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Sclip.Hosting.Telemetry;

namespace Sclip.Hosting.Health;

/// <summary>The paths by which a cluster watches a process.</summary>
public static class DefaultEndpoints
{
    /// <summary>The tag of the health checks that decide whether a process is ready for work.</summary>
    public const string ReadyTag = "ready";

    /// <summary>The tag of the health checks that decide whether a process is to be started anew.</summary>
    public const string LiveTag = "live";

    private const string Live = "/healthz/live";
    private const string Ready = "/healthz/ready";
    private const string Metrics = "/metrics";

    /// <summary>
    /// Maps <c>/healthz/live</c> and <c>/healthz/ready</c> (200, or 503 where a check of the tag <see cref="LiveTag"/> or
    /// <see cref="ReadyTag"/> fails; JSON names the parts and their reasons) and <c>/metrics</c> (Prometheus' text formats). Requests for them
    /// are neither counted nor traced.
    /// </summary>
    /// <param name="endpoints">The application, whose services have <see cref="TelemetryServices.AddSclipTelemetry"/>.</param>
    public static IEndpointRouteBuilder MapSclipDefaults(this IEndpointRouteBuilder endpoints)
    {
        foreach (var (path, tag) in new[] { (Live, LiveTag), (Ready, ReadyTag) })
            Uncounted(endpoints.MapHealthChecks(path, new HealthCheckOptions { Predicate = check => check.Tags.Contains(tag), ResponseWriter = HealthReportJson.WriteAsync }));
        Uncounted(endpoints.ServiceProvider.GetService<MeterProvider>() is null
            ? endpoints.MapGet(Metrics, () => Results.Text("OTEL_SDK_DISABLED is true: no metrics are collected.\n", statusCode: StatusCodes.Status404NotFound))
            : endpoints.MapPrometheusScrapingEndpoint(Metrics));
        return endpoints;
    }

    /// <summary>Whether a request is a probe: every few seconds they would drown the requests that somebody asks about.</summary>
    internal static bool IsProbe(PathString path) => path.Value is Live or Ready or Metrics;

    private static void Uncounted(IEndpointConventionBuilder endpoint) => endpoint.DisableHttpMetrics().ExcludeFromDescription();
}
