using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Workbench.Tests.Page;

/// <summary>What competes at a pixel, and what is like it.</summary>
[Collection(nameof(PageTests))]
public sealed class PixelTests(PageFixture fixture)
{
    [Fact]
    public async Task A_click_names_what_competes_there_and_keys_do_the_same()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.ClickAsync(0, 0.5, 0.1);
        await Expect(bench.Pixel.Locator(".rivals li")).ToHaveCountAsync(5);
        await Expect(bench.Pixel.Locator("h2")).ToHaveTextAsync(new Regex("sky|grass|water|brick|wood"));
        await Expect(bench.Pixel.Locator(".rivals .numbers").First).ToHaveTextAsync(new Regex("^-?[01]\\.[0-9]{3} · "));
        await bench.Watched.ShowAsync("bench-pixel");
        await bench.Page.Keyboard.PressAsync("Escape");
        await Expect(bench.Pixel).ToBeHiddenAsync();

        await bench.Frames.Nth(1).FocusAsync();
        await bench.Page.Keyboard.PressAsync("ArrowDown");
        await bench.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(bench.Frames.Nth(1).Locator(".cross")).ToBeVisibleAsync();
        await bench.Page.Keyboard.PressAsync("Enter");
        await Expect(bench.Pixel.Locator("[role=status]")).ToContainTextAsync("of scene-2.png");
        await Expect(bench.Pixel.Locator("[role=status]")).ToContainTextAsync("122, 102");
    }

    [Fact]
    public async Task The_panel_of_a_pixel_follows_the_list()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.ClickAsync(0, 0.5, 0.5);
        await Expect(bench.Pixel.Locator(".rivals li")).ToHaveCountAsync(5);
        await bench.Names.Nth(0).FillAsync("meadow");
        await Expect(bench.Pixel.Locator(".rivals .name", new() { HasText = "meadow" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Patches_like_a_pixel_are_shown_until_Escape()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var before = await bench.PaintAsync();
        await bench.ClickAsync(0, 0.5, 0.1);
        await bench.Button("Patches like it").ClickAsync();
        await Expect(bench.Page.Locator(".board .note-text").First).ToContainTextAsync("up to");
        await bench.RepaintedAsync(before);
        await bench.Watched.ShowAsync("bench-heat");
        await bench.Page.Keyboard.PressAsync("Escape");
        await Expect(bench.Button("Patches like it")).ToHaveAttributeAsync("aria-pressed", "false");
        await bench.PaintedAsync(before);
        await Expect(bench.Pixel).ToBeVisibleAsync();
    }
}
