using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Sclip.Testing.Servers;

namespace Sclip.Dashboard.Tests;

/// <summary>A workbench as a process of its own, and a dispatcher that forwards to it, on the servers of all.</summary>
public sealed class ClusterFixture(DashboardFixture dashboard) : IAsyncLifetime
{
    private WorkbenchServers? _workbenches;
    private ServerProcess? _process;
    private WebApplication? _dispatcher;

    public DashboardFixture Dashboard => dashboard;

    public async ValueTask InitializeAsync()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _workbenches = new WorkbenchServers(dashboard.Servers.Azurite.ConnectionString);
        _process = _workbenches.Start(address, $"--Workbench:ApiKey={WorkbenchServers.Key}");
        await _process.UntilReadyAsync(address);
        _dispatcher = await dashboard.StartDispatcherAsync(FreePort.Next(), WorkbenchServers.Forwarding(address));
    }

    public async ValueTask DisposeAsync()
    {
        if (_dispatcher is not null)
        {
            await _dispatcher.StopAsync();
            await _dispatcher.DisposeAsync();
        }
        if (_process is not null)
            await _process.TerminateAsync();
        _process?.Dispose();
        _workbenches?.Dispose();
    }

    /// <summary>A page of the dispatcher that has a workbench.</summary>
    public Task<WatchedPage> OpenAsync(string path, int width = 1300, int height = 900, ColorScheme scheme = ColorScheme.Light) => dashboard.OpenAsync(path, width, height, scheme, _dispatcher!.Urls.First());
}
