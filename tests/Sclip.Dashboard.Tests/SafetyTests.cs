using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sclip.Testing.Servers;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>Names that would be scripts, keys, and a service that goes away.</summary>
public sealed class SafetyTests(DashboardFixture fixture)
{
    private const string Key = "correct horse battery staple";

    [Fact]
    public async Task Hostile_names_of_images_classes_and_jobs_are_text()
    {
        var hostile = DashboardFixture.Hostile;
        var image = hostile.Replace("/", "", StringComparison.Ordinal);
        var container = await fixture.ContainerAsync(2, ($"set/{image}.png", JobServers.Picture(1)), ($"set/{image}.jpg", [1, 2, 3]));
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var labels = System.Text.Json.JsonSerializer.Serialize(new[] { new { name = hostile }, new { name = "sky\" onmouseover=\"alert(2)" } });
        var id = await JobTests.SubmitAsync(page, container, hostile, labels);
        await Expect(page.Locator(".job .name", new() { HasText = hostile })).ToHaveTextAsync(hostile);
        await JobTests.OpenJobAsync(page, id);
        await Expect(page.Locator("h1")).ToHaveTextAsync(hostile);
        await Expect(page.Locator(".gallery .file", new() { HasText = image })).ToHaveCountAsync(2);
        await Expect(page.Locator(".shares .name", new() { HasText = hostile })).ToHaveTextAsync(hostile);
        await page.GetByText("How it was submitted").ClickAsync();
        await page.Locator(".gallery .shot:not(.failed)", new() { HasText = image }).ClickAsync();
        await JobTests.LoadedAsync(page.Locator("dialog img"));
        await Expect(page.Locator("dialog h2")).ToHaveTextAsync($"set/{image}.png");
        await page.Locator("dialog .legend .alone").First.HoverAsync();
        await watched.ShowAsync("hostile");
        await page.Keyboard.PressAsync("Escape");
        // The way back comes to its end a moment after the key, and would undo the click.
        await Expect(page).Not.ToHaveURLAsync(new Regex("/images/"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Copy to a new job" }).ClickAsync();
        await Expect(page.Locator(".labels .name").First).ToHaveValueAsync(hostile);
        Assert.Equal(0, await page.Locator("img[src=x], main script, [onerror], [onmouseover]").CountAsync());
        Assert.DoesNotContain("owned", await page.TitleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_key_the_page_asks_for_it_and_pictures_and_events_come_by_the_session()
    {
        await using var dispatcher = await fixture.StartDispatcherAsync(FreePort.Next(), $"--Dispatcher:ApiKey={Key}");
        await using var watched = await fixture.OpenAsync(address: dispatcher.Urls.First());
        var page = watched.Page;
        await Expect(page.Locator(".sign-in")).ToContainTextAsync("This dispatcher wants the key that it was started with");
        await page.GetByLabel("Key").FillAsync("wrong horse battery staple");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator(".problem")).ToHaveTextAsync("That is not the key.");
        await watched.ShowAsync("sign-in");
        await page.GetByLabel("Key").FillAsync(Key);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".worker", new() { HasText = "ready" }).First).ToBeVisibleAsync();
        var id = await JobTests.SubmitAsync(page, await fixture.ContainerAsync(2), "Behind a key");
        await JobTests.OpenJobAsync(page, id);
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(2);
        await JobTests.LoadedAsync(page.Locator(".gallery img"));
        await page.ReloadAsync();
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await dispatcher.StopAsync();
    }

    [Fact]
    public async Task A_lost_dispatcher_is_said_and_found_again()
    {
        var port = FreePort.Next();
        var dispatcher = await fixture.StartDispatcherAsync(port);
        await using var watched = await fixture.OpenAsync(address: dispatcher.Urls.First());
        var page = watched.Page;
        await Expect(page.Locator(".worker", new() { HasText = "ready" }).First).ToBeVisibleAsync();
        await dispatcher.StopAsync();
        await dispatcher.DisposeAsync();
        await Expect(page.GetByText("No connection to the dispatcher")).ToBeVisibleAsync();
        await using var next = await fixture.StartDispatcherAsync(port);
        await Expect(page.GetByText("No connection to the dispatcher")).ToBeHiddenAsync();
        await Expect(page.Locator(".worker", new() { HasText = "ready" }).First).ToBeVisibleAsync();
        await next.StopAsync();
    }
}
