using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>The page on a phone, without a mouse, and in light and dark.</summary>
public sealed class LookTests(DashboardFixture fixture)
{
    [Theory]
    [InlineData(360, 740, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    [InlineData(820, 1180, ColorScheme.Light)]
    [InlineData(1600, 1000, ColorScheme.Dark)]
    public async Task Nothing_sticks_out_of_the_window_and_text_stands_out_from_its_ground(int width, int height, ColorScheme scheme)
    {
        await using var watched = await fixture.OpenAsync("", width, height, scheme);
        var page = watched.Page;
        var container = await fixture.ContainerAsync(3, ($"set/a-rather-long-name-without-any-place-to-break-it-{new string('x', 80)}.png", [1, 2, 3]));
        var id = await JobTests.SubmitAsync(page, container, "A job with a name-that-is-long-and-has-no-place-to-break-it-at-all-0123456789");
        await Expect(page.Locator(".job").First).ToBeVisibleAsync();
        await Expect(page.Locator(".worker").First).ToBeVisibleAsync();
        await CheckAsync(watched, $"look-overview-{width}");
        // States that no job here is in.
        foreach (var state in new[] { "planning", "waiting", "running", "cancelled", "failed", "completed" })
        {
            await page.Locator(".chip").First.EvaluateAsync("(chip, state) => { chip.dataset.state = state; }", state);
            await watched.StandsOutAsync();
        }
        await JobTests.OpenJobAsync(page, id);
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(4);
        await JobTests.LoadedAsync(page.Locator(".gallery img"));
        await CheckAsync(watched, $"look-job-{width}");
        await page.Locator(".gallery .shot:not(.failed)").First.ClickAsync();
        await JobTests.LoadedAsync(page.Locator("dialog img"));
        await CheckAsync(watched, $"look-viewer-{width}");
        await page.Keyboard.PressAsync("Escape");
        // The way back has come to its end.
        await Expect(page).Not.ToHaveURLAsync(new Regex("/images/"));
        await page.GotoAsync($"{watched.Address}/#/new/{id}");
        await Expect(page.Locator(".labels li")).ToHaveCountAsync(4);
        await CheckAsync(watched, $"look-new-{width}");
    }

    [Fact]
    public async Task Keys_alone_lead_to_a_job()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var id = await JobTests.SubmitAsync(page, await fixture.ContainerAsync(1), "By keys");
        await Expect(page.Locator(".job", new() { HasText = "By keys" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("Skip to content")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("input[type=search]").FocusAsync();
        await page.Keyboard.TypeAsync("by keys");
        await Expect(page.Locator(".found")).ToHaveTextAsync("1 job matches.");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".job")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".id")).ToContainTextAsync(id);
    }

    [Fact]
    public async Task A_chosen_theme_stays()
    {
        await using var watched = await fixture.OpenAsync(scheme: ColorScheme.Light);
        var page = watched.Page;
        var ground = await GroundAsync(page);
        var button = page.Locator("#theme");
        await button.ClickAsync();
        await button.ClickAsync();
        await Expect(button).ToContainTextAsync("Dark");
        var dark = await GroundAsync(page);
        Assert.NotEqual(ground, dark);
        await page.ReloadAsync();
        Assert.Equal(dark, await GroundAsync(page));
    }

    private static Task<string> GroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static async Task CheckAsync(WatchedPage watched, string name)
    {
        await watched.ShowAsync(name);
        await watched.HoldsItsWidthAsync();
        await watched.StandsOutAsync();
    }
}
