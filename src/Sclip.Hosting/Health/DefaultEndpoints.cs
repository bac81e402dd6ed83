using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Hosting.Telemetry;

namespace Sclip.Hosting.Health;

/// <summary>The paths by which a cluster watches a process.</summary>
public static class DefaultEndpoints
{
    /// <summary>The tag of the health checks that decide whether a process is ready for work.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Maps <c>/healthz/live</c> (200 while the process runs), <c>/healthz/ready</c> (200, or 503 where a check of the tag
    /// <see cref="ReadyTag"/> fails; JSON names the parts and their reasons) and <c>/metrics</c> (Prometheus' text format). Requests for them
    /// are neither counted nor traced.
    /// </summary>
    /// <param name="endpoints">The application, whose services have <see cref="TelemetryServices.AddSclipTelemetry"/>.</param>
    public static IEndpointRouteBuilder MapSclipDefaults(this IEndpointRouteBuilder endpoints)
    {
        Unobserved(endpoints.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = HealthReportJson.WriteAsync }));
        Unobserved(endpoints.MapHealthChecks(
            "/healthz/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag), ResponseWriter = HealthReportJson.WriteAsync }));
        Unobserved(endpoints.MapGet("/metrics", (RequestDelegate)ScrapeAsync));
        return endpoints;
    }

    private static Task ScrapeAsync(HttpContext context)
    {
        if (context.RequestServices.GetRequiredService<PrometheusPage>().Scrape() is { } page)
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(page, context.RequestAborted);
        }
        var disabled = context.RequestServices.GetRequiredService<TelemetrySettings>().IsDisabled;
        context.Response.StatusCode = disabled ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(disabled ? "OTEL_SDK_DISABLED is true: no metrics are collected.\n" : "The process is starting or stopping.\n", context.RequestAborted);
    }

    // Probes every few seconds would drown the requests that somebody asks about.
    private static void Unobserved(IEndpointConventionBuilder endpoint)
    {
        endpoint.DisableHttpMetrics().ExcludeFromDescription();
        endpoint.Add(builder =>
        {
            var next = builder.RequestDelegate!;
            builder.RequestDelegate = context =>
            {
                if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
                {
                    activity.IsAllDataRequested = false;
                    activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
                }
                return next(context);
            };
        });
    }
}
