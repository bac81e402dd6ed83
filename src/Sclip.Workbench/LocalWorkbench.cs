using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sclip.Dashboard;
using Sclip.Workbench.Http;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench;

/// <summary>The workbench for who sits at this machine: one session, and a page that only this machine reaches.</summary>
public static class LocalWorkbench
{
    /// <summary>Builds the service.</summary>
    /// <param name="session">The session; it stays the caller's.</param>
    /// <param name="port">Where it listens; 0 takes a free port.</param>
    public static WebApplication Build(Session session, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // What this folder or the environment configures for programs of this kind must not open it to others.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = WorkbenchServices.LargestRequest);
        var sessions = new SessionStore();
        sessions.Add(session);
        builder.Services.AddSingleton(sessions).AddWorkbench();
        var app = builder.Build();
        // A page from elsewhere whose name was bent to this machine must not pass for this one: it asks by that name.
        app.Use((context, next) => context.Connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address) && CallerChecks.IsLoopbackHost(context.Request.Host.Host)
            ? next(context)
            : WorkbenchProblems.WriteAsync(context, StatusCodes.Status403Forbidden, "The workbench answers this machine alone, by the address that it printed."));
        app.MapWorkbench();
        app.UseDashboardPage("workbench.html");
        return app;
    }
}
