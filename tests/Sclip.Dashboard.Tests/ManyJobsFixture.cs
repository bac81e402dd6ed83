using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Dashboard.Tests;

/// <summary>A dispatcher whose store holds many jobs, in a container of their own.</summary>
public sealed class ManyJobsFixture(DashboardFixture dashboard) : IAsyncLifetime
{
    /// <summary>Jobs that there are at first.</summary>
    public const int Count = 1200;

    private const string Container = "many";

    // So that a job that is added is completed, without failures and not urgent.
    private const int PlaceOfAdded = 10057;

    private readonly DateTimeOffset _newest = DateTimeOffset.UtcNow.AddHours(-1);
    private WebApplication? _dispatcher;
    private int _added;

    /// <summary>Jobs that there are, as people read it.</summary>
    public string Total => (Count + _added).ToString("N0", CultureInfo.InvariantCulture);

    private JobBlobs Jobs => new(dashboard.Account.Container(Container));

    public async ValueTask InitializeAsync()
    {
        await dashboard.Account.CreateContainerAsync(Container, CancellationToken.None);
        await ManyJobs.WriteAsync(Jobs, Count, _newest, CancellationToken.None);
        _dispatcher = await dashboard.StartDispatcherAsync(FreePort.Next(), $"--Store:Container={Container}", "--Dispatcher:PricePerWorkerHour=0.5");
    }

    public async ValueTask DisposeAsync()
    {
        if (_dispatcher is null)
            return;
        await _dispatcher.StopAsync();
        await _dispatcher.DisposeAsync();
    }

    /// <summary>Writes another job, which comes second in the list.</summary>
    public Task AddAsync(CancellationToken cancellationToken) => ManyJobs.WriteOneAsync(Jobs, PlaceOfAdded + 100 * _added++, _newest.AddSeconds(-30), cancellationToken);

    /// <summary>Home, in a window of its own.</summary>
    /// <param name="query">What the address asks for: <c>#/?…</c>.</param>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="height">Of the window, in pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    public Task<WatchedPage> OpenAsync(string query = "", int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light) =>
        dashboard.OpenAsync(query, width, height, scheme, _dispatcher!.Urls.First());
}
