using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>One image, large.</summary>
public sealed class ViewerTests(DashboardFixture fixture)
{
    [Fact]
    public async Task Arrows_go_on_behind_what_is_loaded_wherever_the_focus_is()
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}");
        var page = watched.Page;
        await page.Locator(".gallery .shot").Nth(58).ClickAsync();
        var viewer = page.GetByRole(AriaRole.Dialog);
        var place = viewer.Locator(".who span");
        await Expect(place).ToHaveTextAsync("59 of 130");
        await Expect(page).ToHaveURLAsync(new Regex($"#/jobs/{id}/images/set/059.png$"));
        // Steps that are asked for while images are fetched are gone, too.
        var go = new TaskCompletionSource();
        await page.RouteAsync("**/images?*", async route =>
        {
            await go.Task;
            await route.ContinueAsync();
        });
        for (var i = 0; i < 3; i++)
            await page.Keyboard.PressAsync("ArrowRight");
        await Expect(place).ToHaveTextAsync("60 of 130");
        go.SetResult();
        await Expect(place).ToHaveTextAsync("62 of 130");
        await Expect(viewer.Locator("h2")).ToHaveTextAsync(WrittenJob.Name(62));
        await page.UnrouteAllAsync();

        // The slider has its own keys, up and down.
        var slider = viewer.GetByLabel("Mix of picture and mask");
        await slider.FocusAsync();
        var mix = await slider.InputValueAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(place).ToHaveTextAsync("63 of 130");
        await Expect(slider).ToHaveValueAsync(mix);
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(slider).Not.ToHaveValueAsync(mix);
        await viewer.Locator(".toggle").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(place).ToHaveTextAsync("64 of 130");
        await viewer.GetByLabel("Note").FillAsync("ab");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.TypeAsync("r");
        await Expect(viewer.GetByLabel("Note")).ToHaveValueAsync("arb");
        await Expect(place).ToHaveTextAsync("64 of 130");

        // The gallery is where the viewer was left.
        await page.Keyboard.PressAsync("Escape");
        await Expect(viewer).ToHaveCountAsync(0);
        await Expect(page.Locator(".pager p")).ToHaveTextAsync("61-120 of 130");
        await Expect(page.Locator(".gallery .shot", new() { HasText = "064.png" })).ToBeFocusedAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"#/jobs/{id}\\?page=2$"));
    }

    [Fact]
    public async Task An_image_is_opened_by_its_address_and_closed_by_the_way_back()
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}/images/{WrittenJob.Name(100)}?order=doubt&class=sky");
        var page = watched.Page;
        var viewer = page.GetByRole(AriaRole.Dialog);
        // Both that failed have no sky.
        await Expect(viewer.Locator(".who span")).ToHaveTextAsync("98 of 128");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(viewer.Locator("h2")).ToHaveTextAsync(WrittenJob.Name(99));
        await page.ReloadAsync();
        await Expect(viewer.Locator(".who span")).ToHaveTextAsync("97 of 128");
        await viewer.GetByLabel("Close").ClickAsync();
        await Expect(page.Locator(".pager p")).ToHaveTextAsync("61-120 of 128");
        await page.Locator(".gallery .shot").First.ClickAsync();
        await Expect(viewer).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(viewer).ToHaveCountAsync(0);
        await Expect(page.Locator(".gallery .shot").First).ToBeFocusedAsync();
        await page.GoForwardAsync();
        await Expect(viewer.Locator("h2")).ToHaveTextAsync(WrittenJob.Name(62));

        await page.GotoAsync($"{watched.Address}/#/jobs/{id}/images/{WrittenJob.Name(3)}?class=sky");
        await page.GetByRole(AriaRole.Link, new() { Name = "Look for it among all images" }).ClickAsync();
        await Expect(viewer.Locator(".who span")).ToHaveTextAsync("3 of 130");
        await Expect(viewer.Locator(".side")).ToContainTextAsync("is no picture");
        // Behind the last comes the first, and the other way round, though neither is loaded.
        foreach (var (key, place) in new[] { ("ArrowLeft", 2), ("ArrowLeft", 1), ("ArrowLeft", 130), ("ArrowRight", 1) })
        {
            await page.Keyboard.PressAsync(key);
            await Expect(viewer.Locator(".who span")).ToHaveTextAsync($"{place} of 130");
            await Expect(viewer.Locator("h2")).ToHaveTextAsync(WrittenJob.Name(place));
        }
        await page.GotoAsync($"{watched.Address}/#/");
        await page.GotoAsync($"{watched.Address}/#/jobs/{id}/images/set/zzz.png");
        var notice = page.Locator(".problem:visible");
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(60);
        await Expect(notice).ToContainTextAsync("zzz.png");
        await Expect(notice).ToBeFocusedAsync();
        await Expect(notice).ToBeInViewportAsync();
        await watched.ShowAsync("no-such-image");
        await page.GotoAsync($"{watched.Address}/#/jobs/{id}/images/{WrittenJob.Name(61)}");
        await Expect(viewer.Locator(".who span")).ToHaveTextAsync("61 of 130");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(viewer.Locator(".who span")).ToHaveTextAsync("60 of 130");
        await Expect(viewer.Locator("h2")).ToHaveTextAsync(WrittenJob.Name(60));
    }

    [Fact]
    public async Task Picture_and_mask_are_zoomed_and_moved_together_by_wheel_drag_and_keys()
    {
        await using var watched = await OpenAsync(1440, ColorScheme.Dark);
        var page = watched.Page;
        var (stage, sheet) = (page.Locator(".stage"), page.Locator(".sheet"));
        var box = (await stage.BoundingBoxAsync())!;
        var before = (await sheet.BoundingBoxAsync())!;
        var (x, y) = (before.X + (before.Width / 4), before.Y + (before.Height / 4));
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.WheelAsync(0, -600);
        await Expect(stage).ToHaveClassAsync("stage zoomed");
        var zoomed = (await sheet.BoundingBoxAsync())!;
        Assert.True(zoomed.Width > 1.5 * before.Width);
        // What the pointer is over stays there.
        Assert.Equal(0.25, (x - zoomed.X) / zoomed.Width, 0.01);
        Assert.Equal(zoomed.Width, (await page.Locator(".sheet .picture").BoundingBoxAsync())!.Width, 0.5);
        Assert.Equal(zoomed.Width, (await page.Locator(".sheet .mask").First.BoundingBoxAsync())!.Width, 0.5);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 40, y + 30);
        await page.Mouse.UpAsync();
        Assert.Equal(zoomed.X + 40, (await sheet.BoundingBoxAsync())!.X, 0.5);
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        Assert.True((await sheet.BoundingBoxAsync())!.X > zoomed.X + 60);
        await watched.ShowAsync("viewer-zoomed");
        await page.Keyboard.PressAsync("0");
        Assert.Equal(before.Width, (await sheet.BoundingBoxAsync())!.Width, 0.5);
        await page.Keyboard.PressAsync("+");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Zoom" })).ToContainTextAsync("150 %");
        await page.Keyboard.PressAsync("-");
        await Expect(stage).ToHaveClassAsync("stage");
        // No edge comes away from the stage.
        await page.GetByLabel("Zoom in").ClickAsync();
        for (var i = 0; i < 20; i++)
            await page.Keyboard.PressAsync("Shift+ArrowRight");
        var moved = (await sheet.BoundingBoxAsync())!;
        Assert.True(moved.X + moved.Width >= box.X + box.Width - 1);
    }

    [Fact]
    public async Task Fingers_swipe_to_the_next_image_and_pinch()
    {
        await using var watched = await OpenAsync(390, ColorScheme.Light);
        var page = watched.Page;
        var session = await page.Context.NewCDPSessionAsync(page);
        await TouchAsync(session, [(300, 300)], [(80, 310)]);
        await Expect(page.GetByRole(AriaRole.Dialog).Locator(".who span")).ToHaveTextAsync("2 of 130");
        await TouchAsync(session, [(80, 300)], [(300, 310)]);
        await Expect(page.GetByRole(AriaRole.Dialog).Locator(".who span")).ToHaveTextAsync("1 of 130");
        await TouchAsync(session, [(180, 300), (220, 300)], [(100, 300), (300, 300)]);
        await Expect(page.Locator(".stage")).ToHaveClassAsync("stage zoomed");
        await watched.ShowAsync("viewer-pinched");
        // Now a stroke moves the picture.
        await TouchAsync(session, [(300, 300)], [(80, 310)]);
        await Expect(page.GetByRole(AriaRole.Dialog).Locator(".who span")).ToHaveTextAsync("1 of 130");
    }

    [Fact]
    public async Task Classes_are_switched_off_and_on_and_stay_so_in_the_next_image()
    {
        await using var watched = await OpenAsync(1440, ColorScheme.Light);
        var page = watched.Page;
        var (some, mask) = (page.Locator(".sheet canvas.some"), page.Locator(".sheet img.mask"));
        await page.GetByLabel("Mask of grass").ClickAsync();
        await Expect(some).ToBeVisibleAsync();
        await Expect(mask).ToBeHiddenAsync();
        Assert.Equal(0.5, await ClearAsync(some), 0.01);
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByLabel("Mask of grass")).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(some).ToBeVisibleAsync();
        await page.GetByLabel("Mask of sky").ClickAsync();
        await Expect(page.Locator(".sheet")).ToBeVisibleAsync();
        Assert.Equal(1, await ClearAsync(some), 0.01);
        await watched.ShowAsync("viewer-classes");
        await page.GetByLabel("Mask of sky").ClickAsync();
        await page.GetByLabel("Mask of grass").ClickAsync();
        await Expect(some).ToBeHiddenAsync();
        await Expect(mask).ToBeVisibleAsync();
    }

    private async Task<WatchedPage> OpenAsync(int width, ColorScheme scheme)
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        var watched = await fixture.OpenAsync($"#/jobs/{id}/images/{WrittenJob.Name(1)}", width, 860, scheme);
        await Expect(watched.Page.Locator(".sheet img.mask")).ToBeVisibleAsync();
        await JobTests.LoadedAsync(watched.Page.Locator(".sheet img"));
        return watched;
    }

    /// <summary>The share of a canvas that shows what is below.</summary>
    private static async Task<double> ClearAsync(ILocator canvas)
    {
        await Expect(canvas).ToBeVisibleAsync();
        return await canvas.EvaluateAsync<double>(
            "canvas => { const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let clear = 0; for (let i = 3; i < pixels.length; i += 4) if (pixels[i] === 0) clear++; return 4 * clear / pixels.length; }");
    }

    private static async Task TouchAsync(ICDPSession session, (int X, int Y)[] from, (int X, int Y)[] to)
    {
        const int Steps = 5;
        for (var step = 0; step <= Steps; step++)
        {
            var points = from.Zip(to, (a, b) => (object)new Dictionary<string, object> { ["x"] = a.X + ((b.X - a.X) * step / Steps), ["y"] = a.Y + ((b.Y - a.Y) * step / Steps) }).ToArray();
            await session.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = step == 0 ? "touchStart" : "touchMove", ["touchPoints"] = points });
        }
        await session.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });
    }
}
