using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>The images of a job that has more of them than a page.</summary>
public sealed class GalleryTests(DashboardFixture fixture)
{
    [Fact]
    public async Task Pages_filters_and_order_stand_in_the_address_and_come_back_with_it()
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}");
        var page = watched.Page;
        var place = page.Locator(".pager p");
        await Expect(place).ToHaveTextAsync("1-60 of 130");
        await page.GetByLabel("Next page").ClickAsync();
        await Expect(place).ToHaveTextAsync("61-120 of 130");
        await page.GetByLabel("Last page").ClickAsync();
        await Expect(place).ToHaveTextAsync("121-130 of 130");
        await Expect(page.GetByLabel("Next page")).ToBeDisabledAsync();
        await page.ReloadAsync();
        await Expect(place).ToHaveTextAsync("121-130 of 130");
        await page.GoBackAsync();
        await Expect(place).ToHaveTextAsync("61-120 of 130");

        // Those that failed come last by doubt, and say why.
        await page.GetByLabel("Order").SelectOptionAsync("doubt");
        await Expect(place).ToHaveTextAsync("1-60 of 130");
        await Expect(page.Locator(".gallery .file").First).ToHaveTextAsync(WrittenJob.Name(1));
        await page.GetByLabel("Last page").ClickAsync();
        await Expect(page.Locator(".gallery .shot.failed")).ToHaveCountAsync(WrittenJob.Failed.Length);
        await Expect(page.Locator(".gallery .shot").Last.Locator(".why")).ToContainTextAsync("is no picture");

        await page.GetByLabel("Find an image").FillAsync("/12");
        await Expect(place).ToHaveTextAsync("1-10 of 10");
        await page.GetByLabel("Class", new() { Exact = true }).SelectOptionAsync("sky");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?class=sky&search=%2F12&order=doubt$"));
        await using var other = await fixture.OpenAsync(new Uri(page.Url).Fragment);
        await Expect(other.Page.Locator(".pager p")).ToHaveTextAsync("1-10 of 10");
        await Expect(other.Page.GetByLabel("Order")).ToHaveValueAsync("doubt");
        await Expect(other.Page.GetByLabel("Find an image")).ToHaveValueAsync("/12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"#/jobs/{id}$"));
        await Expect(place).ToHaveTextAsync("1-60 of 130");
    }

    [Theory]
    [InlineData("?order=sideways", "order must be one of")]
    [InlineData("?class=nothing-of-the-kind", "has no class 'nothing-of-the-kind'")]
    [InlineData("/images/set/nowhere.png", "nowhere.png")]
    public async Task An_address_of_what_there_is_not_is_told(string address, string problem)
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}{address}");
        await Expect(watched.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = problem })).ToBeVisibleAsync();
        await Expect(watched.Page.Locator("dialog")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_dispatcher_that_comes_back_is_asked_again()
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}");
        var page = watched.Page;
        await Expect(page.Locator(".pager p")).ToHaveTextAsync("1-60 of 130");
        await page.RouteAsync("**/images?*", route => route.AbortAsync());
        await page.GetByLabel("Next page").ClickAsync();
        var problem = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The service does not answer" });
        await Expect(problem).ToBeVisibleAsync();
        await page.Locator(".gallery .shot").Last.ClickAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("The service does not answer");
        await page.UnrouteAsync("**/images?*");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("61 of 130");
        await page.Keyboard.PressAsync("Escape");
        await Expect(problem).ToBeHiddenAsync();
        await Expect(page.Locator(".pager p")).ToHaveTextAsync("61-120 of 130");
    }
}
