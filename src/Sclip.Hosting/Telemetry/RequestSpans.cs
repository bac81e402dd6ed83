using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Sclip.Hosting.Telemetry;

/// <summary>Gives ASP.NET's spans the name and outcome that they lack: <c>GET /jobs/{id}</c>, its route and its status.</summary>
internal sealed class RequestSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use(DescribeAsync);
        next(application);
    };

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        try
        {
            await next(context);
            span?.SetTag("http.response.status_code", context.Response.StatusCode);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
                span?.SetStatus(ActivityStatusCode.Error);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.GetType().FullName);
            throw;
        }
        finally
        {
            if (span is not null && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
            {
                span.DisplayName = $"{context.Request.Method} {route}";
                span.SetTag("http.route", route);
            }
        }
    }
}
