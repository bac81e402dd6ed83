using Microsoft.AspNetCore.Builder;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Dashboard.Tests;

/// <summary>A workbench as a process of its own, and a dispatcher that forwards to it, on the servers of all.</summary>
public sealed class ClusterFixture(DashboardFixture dashboard) : IAsyncLifetime
{
    private const string Key = "the key of the workbench";

    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _process;
    private WebApplication? _dispatcher;

    public DashboardFixture Dashboard => dashboard;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder["models/demo"]);
        Directory.CreateSymbolicLink(_folder["models/demo/model"], Path.Combine(Repository.Root, "models", "demo", "model"));
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _process = ServerProcess.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Sclip.Workbench.dll"), $"--urls={address}", $"--Store:Connection={dashboard.Servers.Azurite.ConnectionString}", $"--Workbench:ApiKey={Key}",
                $"--Workbench:ModelFolder={_folder["models"]}", "--Workbench:PullModels=false",
            ],
            new Dictionary<string, string> { ["SCLIP_CACHE"] = _folder["cache"] });
        await _process.UntilAsync(token => IsReadyAsync(address, token), CancellationToken.None);
        _dispatcher = await dashboard.StartDispatcherAsync(FreePort.Next(), $"--Dispatcher:Workbench={address}", $"--Dispatcher:WorkbenchKey={Key}");
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
        _folder.Dispose();
    }

    /// <summary>A page of the dispatcher that has a workbench.</summary>
    public Task<WatchedPage> OpenAsync(string path) => dashboard.OpenAsync(path, address: _dispatcher!.Urls.First());

    private static async Task<bool> IsReadyAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        try
        {
            using var answer = await client.GetAsync(new Uri(address, "/healthz/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
