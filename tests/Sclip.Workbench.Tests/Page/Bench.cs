using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Sclip.Dashboard.Tests;
using Sclip.Testing;
using Sclip.Workbench.Sessions;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Workbench.Tests.Page;

/// <summary>A window at the workbench of a session, and what a user sees and does there.</summary>
public sealed class Bench(WatchedPage watched, WebApplication service, Session session, TemporaryFolder folder) : IAsyncDisposable
{
    public WatchedPage Watched => watched;

    public IPage Page => watched.Page;

    public string Folder => folder.Path;

    /// <summary>The pictures that can be pointed at.</summary>
    public ILocator Frames => Page.Locator(".board .frame[tabindex]");

    public ILocator Names => Page.Locator(".labels .name");

    public ILocator Problem => Page.Locator(".bench-list > .problem");

    public ILocator Score => Page.Locator(".scores span").First;

    public ILocator Pixel => Page.Locator("section.pixel");

    public ILocator Provisional => Page.Locator(".provisional");

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Tab(string name) => Page.GetByRole(AriaRole.Tab, new() { Name = name });

    /// <summary>Waits until all pictures are ready, and the first has its mask.</summary>
    public async Task ReadyAsync()
    {
        await Expect(Frames).ToHaveCountAsync(8);
        await Expect(Page.Locator(".getting-ready")).ToBeHiddenAsync();
        await Expect(Page.Locator(".legend .share").First).Not.ToHaveTextAsync("–");
        await SettledAsync();
    }

    /// <summary>Waits until the masks in sight are those of the list, and none is provisional.</summary>
    public async Task SettledAsync()
    {
        await Expect(Page.Locator(".board:not([aria-busy])")).ToBeVisibleAsync();
        await Expect(Provisional).ToBeHiddenAsync();
    }

    /// <summary>What the masks look like: some of their pixels.</summary>
    public Task<string> PaintAsync() => Frames.Locator("canvas").EvaluateAllAsync<string>("""
        list => list.map(canvas => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return Array.from({ length: 400 }, (_, i) => data.slice(Math.floor(i * data.length / 1600) * 4, Math.floor(i * data.length / 1600) * 4 + 4).join(' ')).join();
        }).join()
        """);

    /// <summary>Waits until the masks look otherwise than they did.</summary>
    public async Task<string> RepaintedAsync(string before)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await PaintAsync() is var now && now != before)
                return now;
            await Task.Delay(100);
        }
        Assert.Fail("The masks look as they did.");
        return before;
    }

    /// <summary>Waits until the masks look as they did once.</summary>
    public async Task PaintedAsync(string wanted)
    {
        for (var i = 0; i < 600 && await PaintAsync() != wanted; i++)
            await Task.Delay(100);
        Assert.Equal(wanted, await PaintAsync());
    }

    /// <summary>What the page asks the session for from now on, by the ends of the addresses.</summary>
    public List<string> Asked()
    {
        var asked = new List<string>();
        Page.Request += (_, request) => asked.Add(request.Url[(request.Url.LastIndexOf('/') + 1)..]);
        return asked;
    }

    /// <summary>Points at a picture, at shares of its sides.</summary>
    public async Task ClickAsync(int picture, double x, double y)
    {
        var frame = Frames.Nth(picture);
        await frame.ScrollIntoViewIfNeededAsync();
        var box = (await frame.BoundingBoxAsync())!;
        await frame.ClickAsync(new() { Position = new() { X = (float)(x * box.Width), Y = (float)(y * box.Height) } });
    }

    public async ValueTask DisposeAsync()
    {
        await watched.DisposeAsync();
        await service.StopAsync();
        await service.DisposeAsync();
        await session.DisposeAsync();
        folder.Dispose();
    }
}
