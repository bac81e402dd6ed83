using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sclip.Dashboard.Tests;
using Sclip.Dispatcher;
using Sclip.Storage;
using Sclip.Testing.Servers;

[assembly: AssemblyFixture(typeof(DashboardFixture))]

namespace Sclip.Dashboard.Tests;

/// <summary>A real Chromium, and a dispatcher with broker, blob server and worker for it to look at.</summary>
public sealed class DashboardFixture : IAsyncLifetime
{
    /// <summary>A name that is a script to whoever takes it for markup.</summary>
    public const string Hostile = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>";

    private readonly WatchedBrowser _browser = new();
    private WebApplication? _dispatcher;

    public JobServers Servers { get; } = new();

    public string Address { get; private set; } = "";

    public IServiceProvider Services => _dispatcher!.Services;

    public IBlobAccount Account => Services.GetRequiredService<IBlobAccount>();

    public async ValueTask InitializeAsync()
    {
        await Servers.StartAsync(Path.Combine(AppContext.BaseDirectory, "Sclip.Worker.dll"));
        _dispatcher = await StartDispatcherAsync(FreePort.Next());
        Address = _dispatcher.Urls.First();
        await _browser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_dispatcher is not null)
        {
            await _dispatcher.StopAsync();
            await _dispatcher.DisposeAsync();
        }
        await Servers.DisposeAsync();
    }

    /// <summary>Another dispatcher on the same servers.</summary>
    public async Task<WebApplication> StartDispatcherAsync(int port, params string[] more)
    {
        var dispatcher = DispatcherHost.Build(
            [.. Servers.Settings.Select(setting => $"--{setting.Key}={setting.Value}"), $"--urls=http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", .. more]);
        await dispatcher.StartAsync();
        return dispatcher;
    }

    /// <summary>A fresh container with pictures of the demo below <c>set/</c>, and others.</summary>
    public async Task<string> ContainerAsync(int pictures, params (string Name, byte[] Content)[] others)
    {
        var name = $"c{Guid.NewGuid():n}";
        await Account.CreateContainerAsync(name, CancellationToken.None);
        var scenes = Enumerable.Range(1, pictures).Select(i => (Name: $"set/scene-{i:00}.png", Content: JobServers.Picture((i - 1) % 8 + 1)));
        await Parallel.ForEachAsync(scenes.Concat(others), async (blob, token) => await Account.Container(name).WriteAsync(blob.Name, blob.Content, WriteCondition.None, token));
        return name;
    }

    /// <summary>A page in a window of its own, which holds the browser to what the product promises.</summary>
    public Task<WatchedPage> OpenAsync(string path = "", int width = 1300, int height = 900, ColorScheme scheme = ColorScheme.Light, string? address = null) =>
        _browser.OpenAsync(address ?? Address, path, width, height, scheme);
}
