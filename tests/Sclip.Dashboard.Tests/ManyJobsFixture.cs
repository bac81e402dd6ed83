using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Dashboard.Tests;

/// <summary>A dispatcher whose store holds many jobs, in a container of their own.</summary>
public sealed class ManyJobsFixture(DashboardFixture dashboard) : IAsyncLifetime
{
    /// <summary>Jobs that there are at first.</summary>
    public const int Count = 1200;

    private const string Container = "many";

    private WebApplication? _dispatcher;

    internal JobBlobs Jobs => _dispatcher!.Services.GetRequiredService<JobBlobs>();

    public async ValueTask InitializeAsync()
    {
        await dashboard.Account.CreateContainerAsync(Container, CancellationToken.None);
        await ManyJobs.WriteAsync(new JobBlobs(dashboard.Account.Container(Container)), Count, CancellationToken.None);
        _dispatcher = await dashboard.StartDispatcherAsync(FreePort.Next(), $"--Store:Container={Container}", "--Dispatcher:PricePerWorkerHour=0.5");
    }

    public async ValueTask DisposeAsync()
    {
        if (_dispatcher is null)
            return;
        await _dispatcher.StopAsync();
        await _dispatcher.DisposeAsync();
    }

    /// <summary>Home, in a window of its own.</summary>
    /// <param name="query">What the address asks for: <c>#/?…</c>.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="height">Of the window, in pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    public Task<WatchedPage> OpenAsync(string query = "", int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light) =>
        dashboard.OpenAsync(query, width, height, scheme, _dispatcher!.Urls.First());
}
