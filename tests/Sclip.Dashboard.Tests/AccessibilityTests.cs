using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sclip.Testing.Servers;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>Every page and dialog, large and small, light and dark, as axe-core sees it.</summary>
public sealed class AccessibilityTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    // So high that no bar lies over what is looked at.
    [InlineData(390, 3000, ColorScheme.Light)]
    [InlineData(390, 3000, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_any_page(int width, int height, ColorScheme scheme)
    {
        await using var watched = await cluster.OpenAsync("", width, height, scheme);
        var page = watched.Page;
        var container = await cluster.Dashboard.ContainerAsync(3, ("set/broken.jpg", [1, 2, 3]));
        await Expect(page.Locator(".worker").First).ToBeVisibleAsync();
        var id = await JobTests.SubmitAsync(page, container, "Heard", more: ", \"settings\": { \"keep_features\": \"fp16\" }");
        await Expect(page.Locator(".job", new() { HasText = "Heard" }).First).ToBeVisibleAsync();
        await watched.IsAccessibleAsync();

        await JobTests.OpenJobAsync(page, id);
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(4);
        await Expect(page.Locator(".review-card")).ToBeVisibleAsync();
        await JobTests.LoadedAsync(page.Locator(".gallery img"));
        await watched.IsAccessibleAsync();
        await page.GetByText("How it was submitted").ClickAsync();
        await page.GetByLabel("Select set/scene-01.png").CheckAsync();
        await Expect(page.Locator(".selected")).ToBeVisibleAsync();
        await watched.IsAccessibleAsync();

        await page.Locator(".gallery .shot:not(.failed)").First.ClickAsync();
        await JobTests.LoadedAsync(page.Locator("dialog .sheet img"));
        await page.Locator("dialog .toggle").First.ClickAsync();
        await watched.IsAccessibleAsync();
        await page.GetByLabel("Reviewer").Last.FillAsync("ann");
        await page.Keyboard.PressAsync("Enter");
        await OthersRejectAsync();
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator("dialog.ask")).ToBeVisibleAsync();
        await watched.IsAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave theirs" }).ClickAsync();
        await Expect(page.Locator(".verdict-words")).ToContainTextAsync("Rejected by ben");
        await watched.IsAccessibleAsync();
        await LeaveAsync();
        await page.Locator(".gallery .shot.failed").ClickAsync();
        await Expect(page.Locator("dialog .stage .nothing")).ToBeVisibleAsync();
        await watched.IsAccessibleAsync();
        await LeaveAsync();

        await page.GotoAsync($"{watched.Address}/#/");
        await page.Locator(".worker", new() { HasText = "cpu" }).Locator(".name").ClickAsync();
        await Expect(page.Locator("dl.facts div", new() { HasText = "Memory" })).ToContainTextAsync("MB");
        await watched.IsAccessibleAsync();

        await page.GotoAsync($"{watched.Address}/#/new/{id}");
        await Expect(page.Locator(".labels li")).ToHaveCountAsync(4);
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await JobTests.LoadedAsync(page.Locator(".shots img.mask"));
        await watched.IsAccessibleAsync();

        await page.GotoAsync($"{watched.Address}/#/workbench?job={id}");
        await Expect(page.Locator("#start-job")).ToHaveValueAsync(id);
        await watched.IsAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await Expect(page.Locator(".board .shot").First).ToBeVisibleAsync();
        await watched.IsAccessibleAsync();

        async Task OthersRejectAsync()
        {
            var images = string.Join(',', Enumerable.Range(1, 3).Select(i => $$"""{ "image": "set/scene-{{i:00}}.png", "shard": 0, "revision": 0 }"""));
            var answer = await page.APIRequest.PostAsync($"{watched.Address}/jobs/{id}/review", new()
            {
                DataString = $$"""{ "reviewer": "ben", "decision": "rejected", "images": [{{images}}] }""",
                Headers = [new("Content-Type", "application/json")],
            });
            Assert.True(answer.Ok, await answer.TextAsync());
        }

        // The way back comes to its end a moment after the key.
        async Task LeaveAsync()
        {
            await page.Keyboard.PressAsync("Escape");
            await Expect(page).Not.ToHaveURLAsync(new Regex("/images/"));
        }
    }

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(390, 3000, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_on_the_way_in_and_in_questions(int width, int height, ColorScheme scheme)
    {
        const string Key = "correct horse battery staple";
        await using var dispatcher = await cluster.Dashboard.StartDispatcherAsync(FreePort.Next(), $"--Dispatcher:ApiKey={Key}");
        await using var watched = await cluster.Dashboard.OpenAsync("", width, height, scheme, dispatcher.Urls.First());
        var page = watched.Page;
        await page.GetByLabel("Key").FillAsync("wrong horse battery staple");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".problem")).ToBeVisibleAsync();
        await watched.IsAccessibleAsync();
        await page.GetByLabel("Key").FillAsync(Key);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".worker").First).ToBeVisibleAsync();
        var id = await JobTests.SubmitAsync(page, await cluster.Dashboard.ContainerAsync(2), "Asked", more: ", \"device\": \"cuda\"");
        await page.EvaluateAsync($"location.hash = '#/jobs/{id}'");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await watched.IsAccessibleAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("cancelled");
        await dispatcher.StopAsync();
    }
}
