using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Workbench.Tests.Page;

/// <summary>The page on a phone and in the dark, and names that would be scripts.</summary>
[Collection(nameof(PageTests))]
public sealed class LookTests(PageFixture fixture)
{
    [Theory]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    [InlineData(1300, 900, ColorScheme.Dark)]
    public async Task Nothing_sticks_out_of_the_window_and_text_stands_out_from_its_ground(int width, int height, ColorScheme scheme)
    {
        await using var bench = await fixture.OpenAsync(width, height, scheme, "grass, sky, water, brick, wood, a class whose name is rather long and goes on and on, andanotherthathasnoplacetobreakitatallwhichisnothingforaphone");
        await bench.ReadyAsync();
        await CheckAsync("classes");
        await bench.Button("Wish").ClickAsync();
        await bench.ClickAsync(0, 0.5, 0.1);
        foreach (var tab in new[] { "Wishes", "Suggest", "Save" })
        {
            await bench.Tab(tab).ClickAsync();
            if (tab == "Wishes")
                await Expect(bench.Page.Locator(".wishes :is([data-state=held], [data-state=missed])")).ToHaveCountAsync(1);
            await CheckAsync(tab);
        }
        await bench.Button("Look").ClickAsync();
        await bench.ClickAsync(1, 0.5, 0.5);
        await Expect(bench.Pixel.Locator(".rivals li")).ToHaveCountAsync(5);
        await CheckAsync("pixel");

        async Task CheckAsync(string name)
        {
            await bench.Watched.ShowAsync($"bench-{name}-{width}-{scheme}");
            await bench.Watched.HoldsItsWidthAsync();
            await bench.Watched.StandsOutAsync();
        }
    }

    [Fact]
    public async Task A_name_that_is_a_script_is_text()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.Names.Nth(0).FillAsync(PageFixture.Hostile);
        await Expect(bench.Page.Locator(".legend .name").First).ToHaveTextAsync(PageFixture.Hostile);
        await bench.Button("Wish").ClickAsync();
        await bench.Page.Locator("#bench-class").SelectOptionAsync(PageFixture.Hostile);
        await bench.ClickAsync(0, 0.5, 0.5);
        await bench.Tab("Wishes").ClickAsync();
        await Expect(bench.Page.Locator(".wishes .link")).ToHaveTextAsync(PageFixture.Hostile);
        await bench.Button("Look").ClickAsync();
        await bench.ClickAsync(1, 0.5, 0.5);
        await Expect(bench.Pixel.Locator(".rivals li")).ToHaveCountAsync(5);
        Assert.Equal(0, await bench.Page.Locator("img[src=x], main script, [onerror]").CountAsync());
        Assert.DoesNotContain("owned", await bench.Page.TitleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_pictures_tell_their_reason_and_arrow_keys_go_from_tab_to_tab()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await Expect(bench.Page.Locator(".shot.failed")).ToContainTextAsync("z-broken.jpg");
        await Expect(bench.Page.Locator(".shot.failed .why")).Not.ToBeEmptyAsync();
        await bench.Tab("Classes").FocusAsync();
        await bench.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(bench.Tab("Wishes")).ToBeFocusedAsync();
        await Expect(bench.Page.Locator("#panel-wishes")).ToBeVisibleAsync();
        await Expect(bench.Page.Locator("#panel-classes")).ToBeHiddenAsync();
    }
}
