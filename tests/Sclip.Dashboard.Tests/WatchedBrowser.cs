using Microsoft.Playwright;
using Sclip.Testing;

namespace Sclip.Dashboard.Tests;

/// <summary>A real Chromium, whose windows are held to what the product promises.</summary>
internal sealed class WatchedBrowser : IAsyncDisposable
{
    // What is awaited may be labelled by one worker, for all tests, on a machine that does much else.
    private const float Patience = 180_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task StartAsync()
    {
        TestNeeds.Require("chromium");
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page in a window of its own.</summary>
    public async Task<WatchedPage> OpenAsync(string address, string path, int width, int height, ColorScheme scheme)
    {
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        context.SetDefaultTimeout(Patience);
        var page = new WatchedPage(context, await context.NewPageAsync(), address);
        await page.Page.GotoAsync($"{page.Address}/{path}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
