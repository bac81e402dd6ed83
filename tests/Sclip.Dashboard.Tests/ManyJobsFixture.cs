using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
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
        await ReadAsync(_dispatcher.Urls.First());
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

    /// <summary>Waits until the dispatcher knows all jobs: what is last, and how many match, changes until then.</summary>
    private static async Task ReadAsync(string address)
    {
        using var client = new HttpClient();
        var deadline = DateTime.UtcNow + TimeSpan.FromMinutes(5);
        while (await client.GetFromJsonAsync<JsonObject>($"{address}/fleet/jobs?limit=1") is var page && ((int)page!["total"]! < Count || !(bool)page["complete"]!))
        {
            Assert.True(DateTime.UtcNow < deadline, $"The dispatcher knows only {page["total"]} of {Count} jobs.");
            await Task.Delay(100);
        }
    }
}
