using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Workbench.Tests.Page;

/// <summary>What should be what is said on the pictures, counted, and worked towards.</summary>
[Collection(nameof(PageTests))]
public sealed class WishTests(PageFixture fixture)
{
    [Fact]
    public async Task Wishes_by_mouse_and_by_keys_are_counted_as_held_or_missed()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        // What is there now is held, whatever it is; another class is missed there.
        await bench.ClickAsync(0, 0.5, 0.1);
        await Expect(bench.Pixel.Locator(".rivals li")).ToHaveCountAsync(5);
        var there = (await bench.Pixel.Locator("h2").TextContentAsync())!.Trim();
        var other = there == "wood" ? "brick" : "wood";
        await bench.Button("Wish").ClickAsync();
        await bench.Page.Locator("#bench-class").SelectOptionAsync(there);
        await bench.ClickAsync(0, 0.5, 0.1);
        await Expect(bench.Score).ToHaveTextAsync("1 held, 0 missed");
        await Expect(bench.Page.Locator(".wish.held .word")).ToHaveTextAsync("✓");

        await bench.Page.Locator("#bench-class").SelectOptionAsync(other);
        var frame = (await bench.Frames.Nth(0).BoundingBoxAsync())!;
        await bench.Page.Mouse.MoveAsync(frame.X + frame.Width * 0.48f, frame.Y + frame.Height * 0.07f);
        await bench.Page.Mouse.DownAsync();
        await bench.Page.Mouse.MoveAsync(frame.X + frame.Width * 0.52f, frame.Y + frame.Height * 0.13f, new() { Steps = 4 });
        await bench.Page.Mouse.UpAsync();
        await Expect(bench.Score).ToHaveTextAsync("1 held, 1 missed");
        await Expect(bench.Page.Locator(".wish.area.missed .word")).ToHaveTextAsync(there);

        await bench.Frames.Nth(1).FocusAsync();
        foreach (var key in new[] { "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown", "Enter" })
            await bench.Page.Keyboard.PressAsync(key);
        await Expect(bench.Score).ToHaveTextAsync(new Regex("^(2 held, 1|1 held, 2) missed$"));
        await bench.Tab("Wishes").ClickAsync();
        await Expect(bench.Page.Locator(".wishes li").Nth(2)).ToContainTextAsync("scene-2.png · 7 × 7 at 128, 102");
        await bench.Watched.ShowAsync("bench-wishes");
        await bench.Page.Locator(".wishes .remove").Nth(2).ClickAsync();
        await Expect(bench.Score).ToHaveTextAsync("1 held, 1 missed");

        // Without a class its wishes are missed, and the loss is told.
        await bench.Tab("Classes").ClickAsync();
        await bench.Page.Locator(".labels .remove").Nth(Array.IndexOf(["grass", "sky", "water", "brick", "wood"], there)).ClickAsync();
        var first = bench.Page.Locator(".wishes li").First;
        await Expect(first).ToHaveAttributeAsync("data-state", "missed");
        await Expect(bench.Score).ToHaveTextAsync(new Regex("^(0 held, 2 missed \\(−1\\)|1 held, 1 missed)$"));
        await bench.Button("Undo").ClickAsync();
        await Expect(first).ToHaveAttributeAsync("data-state", "held");
        await Expect(bench.Score).ToHaveTextAsync(new Regex("^1 held, 1 missed"));
    }

    [Fact]
    public async Task A_wish_follows_its_class_when_that_is_called_otherwise()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.Button("Wish").ClickAsync();
        await bench.Page.Locator("#bench-class").SelectOptionAsync("sky");
        await bench.ClickAsync(0, 0.5, 0.1);
        await bench.Names.Nth(1).FillAsync("");
        await bench.Names.Nth(1).PressSequentiallyAsync("clouds");
        await Expect(bench.Page.Locator("#bench-class")).ToHaveValueAsync("clouds");
        await bench.Tab("Wishes").ClickAsync();
        await Expect(bench.Page.Locator(".wishes .link")).ToHaveTextAsync("clouds");
    }

    [Fact]
    public async Task Ground_truth_is_told_by_class_and_since_the_start()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await Expect(bench.Page.Locator(".scores")).ToContainTextAsync(new Regex("mIoU [0-9.]+ %"));
        await bench.Tab("Truth").ClickAsync();
        var row = bench.Page.Locator("#panel-truth tr", new() { HasText = "sky" });
        await Expect(row.Locator(".gain")).ToHaveTextAsync("±0");
        await bench.Tab("Classes").ClickAsync();
        await bench.Page.Locator(".labels .remove").Nth(1).ClickAsync();
        await Expect(bench.Page.Locator(".scores")).ToContainTextAsync("(−");
        await bench.Tab("Truth").ClickAsync();
        await Expect(row.Locator(".gain")).ToContainTextAsync("−");
        await bench.Watched.ShowAsync("bench-truth");
    }

    [Fact]
    public async Task A_suggestion_is_applied_and_undone()
    {
        // The sky is to be brick, of which no word of the list tells.
        await using var bench = await fixture.OpenAsync(labels: "grass, water, brick, wood, above", hasTruth: false);
        await bench.ReadyAsync();
        await bench.Button("Wish").ClickAsync();
        await bench.Page.Locator("#bench-class").SelectOptionAsync("brick");
        await bench.ClickAsync(2, 0.15, 0.5);
        await bench.ClickAsync(2, 0.15, 0.8);
        await Expect(bench.Score).ToHaveTextAsync("0 held, 2 missed");
        await bench.Tab("Suggest").ClickAsync();
        await bench.Page.GetByLabel("Synonyms to try").FillAsync("no class");
        await bench.Button("Look for changes").ClickAsync();
        await Expect(bench.Page.Locator("#panel-suggest .problem")).ToContainTextAsync("'no class'");
        await bench.Page.GetByLabel("Synonyms to try").FillAsync("brick: sky");
        await bench.Page.GetByLabel("Try the names of eight benchmarks").UncheckAsync();
        await bench.Button("Suggest").ClickAsync();
        await Expect(bench.Page.Locator("#panel-suggest [role=status]")).ToContainTextAsync("tried");
        var found = bench.Page.Locator(".suggestions li");
        await Expect(found.First).ToContainTextAsync("→");
        await bench.Watched.ShowAsync("bench-suggestions");
        var before = await ListAsync(bench);
        await found.First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(bench.Page.Locator("#panel-suggest .note")).ToBeVisibleAsync();
        await Expect(found.First.GetByRole(AriaRole.Button)).ToBeDisabledAsync();
        Assert.NotEqual(before, await ListAsync(bench));
        await Expect(bench.Score).ToHaveTextAsync("2 held, 0 missed (+2)");
        await bench.Page.EvaluateAsync("document.activeElement.blur()");
        await bench.Page.Keyboard.PressAsync("Control+z");
        await Expect(bench.Page.Locator("#panel-suggest .note")).ToBeHiddenAsync();
        Assert.Equal(before, await ListAsync(bench));
        await Expect(found.First.GetByRole(AriaRole.Button)).ToBeEnabledAsync();
    }

    [Fact]
    public async Task A_list_is_saved_with_what_labels_everything_by_it()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.Names.Nth(0).FillAsync("meadow");
        await bench.Button("Save").ClickAsync();
        await Expect(bench.Page.Locator("#panel-save .path")).ToContainTextAsync(Path.Combine(bench.Folder, "labels.json"));
        await Expect(bench.Page.Locator("#panel-save code").First).ToContainTextAsync("sclip label");
        Assert.Contains("meadow", await File.ReadAllTextAsync(Path.Combine(bench.Folder, "labels.json")), StringComparison.Ordinal);
        var download = await bench.Page.RunAndWaitForDownloadAsync(() => bench.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("labels.json", download.SuggestedFilename);
        await bench.Watched.ShowAsync("bench-saved");
        await bench.Tab("Classes").ClickAsync();
        await bench.Names.Nth(0).FillAsync("lawn");
        await bench.Tab("Save").ClickAsync();
        await Expect(bench.Page.Locator("#panel-save .note")).ToBeVisibleAsync();
    }

    /// <summary>All that stands in the list and its thresholds.</summary>
    private static Task<string> ListAsync(Bench bench) =>
        bench.Page.Locator("#panel-classes input").EvaluateAllAsync<string>("inputs => JSON.stringify(inputs.map(input => input.value))");
}
