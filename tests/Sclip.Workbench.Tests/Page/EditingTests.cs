using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Workbench.Tests.Page;

/// <summary>Masks follow the list as it is typed.</summary>
[Collection(nameof(PageTests))]
public sealed class EditingTests(PageFixture fixture)
{
    [Fact]
    public async Task A_name_that_is_typed_changes_the_masks_and_the_time_is_told()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var before = await bench.PaintAsync();
        await bench.Names.Nth(1).FillAsync("a tree");
        await bench.RepaintedAsync(before);
        await Expect(bench.Page.Locator(".time")).ToHaveTextAsync(new Regex("^masks in [0-9]+ ms$"));
        await bench.SettledAsync();
        await bench.Watched.ShowAsync("bench-typed");

        await bench.Button("Undo").ClickAsync();
        await Expect(bench.Names.Nth(1)).ToHaveValueAsync("sky");
        await bench.PaintedAsync(before);
        await bench.Page.Keyboard.PressAsync("Control+Shift+Z");
        await Expect(bench.Names.Nth(1)).ToHaveValueAsync("a tree");
    }

    [Fact]
    public async Task Keys_pressed_in_a_row_are_one_step_back()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await Expect(bench.Button("Undo")).ToBeDisabledAsync();
        // Without a rest between them: for the page no time passes, however long a key is on its way.
        await bench.Page.EvaluateAsync("() => { const now = performance.now(); performance.now = () => now; }");
        await bench.Names.Nth(0).FocusAsync();
        await bench.Page.Keyboard.PressAsync("End");
        await bench.Page.Keyboard.TypeAsync("land");
        await bench.Page.Locator("#bench-probability_threshold").EvaluateAsync("input => input.closest('details').open = true");
        await bench.Page.Locator("#bench-logit_scale").FillAsync("20");
        await bench.Button("Undo").ClickAsync();
        await Expect(bench.Page.Locator("#bench-logit_scale")).ToHaveValueAsync("");
        await Expect(bench.Names.Nth(0)).ToHaveValueAsync("grassland");
        await bench.Button("Undo").ClickAsync();
        await Expect(bench.Names.Nth(0)).ToHaveValueAsync("grass");
        await Expect(bench.Button("Undo")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task A_colour_is_painted_without_asking()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var (before, asked) = (await bench.PaintAsync(), bench.Asked());
        string[] colors = ["#102030", "#405060", "#708090", "#a0b0c0", "#d0e0f0"];
        for (var i = 0; i < colors.Length; i++)
            await bench.Page.Locator(".labels [type=color]").Nth(i).FillAsync(colors[i]);
        await bench.RepaintedAsync(before);
        await bench.SettledAsync();
        Assert.DoesNotContain("label", asked);
    }

    [Fact]
    public async Task A_name_that_stands_twice_is_told_and_the_masks_stay()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var before = await bench.PaintAsync();
        await bench.Button("Add class").ClickAsync();
        // At once: "s" and "sk" are classes of their own, whose masks would come between slow keys.
        await bench.Page.Keyboard.InsertTextAsync("sky");
        await Expect(bench.Problem).ToContainTextAsync("'sky'");
        await Expect(bench.Page.Locator(".board")).ToHaveClassAsync(new Regex("dim"));
        Assert.Equal(before, await bench.PaintAsync());
        await bench.Watched.ShowAsync("bench-refused");
        await bench.Page.Keyboard.PressAsync("Control+A");
        await bench.Page.Keyboard.TypeAsync("fog");
        await Expect(bench.Problem).ToBeHiddenAsync();
        await Expect(bench.Page.Locator(".board")).Not.ToHaveClassAsync(new Regex("dim"));
    }

    [Fact]
    public async Task A_class_is_looked_at_alone()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        var before = await bench.PaintAsync();
        var chip = bench.Page.Locator(".legend button", new() { HasText = "grass" });
        await chip.ClickAsync();
        await Expect(chip).ToHaveAttributeAsync("aria-pressed", "true");
        await bench.Page.Mouse.MoveAsync(5, 5);
        Assert.Contains("8 12 16 225", await bench.RepaintedAsync(before), StringComparison.Ordinal);
        await bench.Page.Keyboard.PressAsync("Escape");
        await bench.Page.EvaluateAsync("document.activeElement.blur()");
        await bench.PaintedAsync(before);
    }

    [Fact]
    public async Task What_was_typed_and_wished_is_there_after_a_reload()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.Names.Nth(4).FillAsync("planks");
        await bench.Page.Locator(".labels .synonyms").Nth(4).FillAsync("wood, \"boards, dry\", ");
        await bench.Page.GetByLabel("large pictures").ClickAsync();
        await bench.Button("Wish").ClickAsync();
        await bench.Page.Locator("#bench-class").SelectOptionAsync("planks");
        await bench.ClickAsync(0, 0.5, 0.9);
        await bench.Tab("Suggest").ClickAsync();
        await bench.Page.GetByLabel("Synonyms to try").FillAsync("planks: deck");
        // At once: what is left is sent while the page goes.
        await bench.Page.ReloadAsync();
        await bench.ReadyAsync();
        await Expect(bench.Names.Nth(4)).ToHaveValueAsync("planks");
        await Expect(bench.Page.Locator(".labels .synonyms").Nth(4)).ToHaveValueAsync("wood, \"boards, dry\", ");
        await Expect(bench.Page.GetByLabel("large pictures")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(bench.Button("Wish")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(bench.Page.Locator("#bench-class")).ToHaveValueAsync("planks");
        await Expect(bench.Page.Locator(".wishes li")).ToHaveCountAsync(1);
        await Expect(bench.Page.Locator("#bench-pool")).ToHaveValueAsync("planks: deck");
    }

    [Fact]
    public async Task A_list_is_read_as_everywhere_and_one_that_is_none_is_told()
    {
        await using var bench = await fixture.OpenAsync();
        await bench.ReadyAsync();
        await bench.Page.GetByText("Write, paste or drop a list").ClickAsync();
        await bench.Page.GetByLabel("Classes as text").FillAsync("sky\na fish, trout");
        await bench.Button("Use this list").ClickAsync();
        await Expect(bench.Names).ToHaveCountAsync(2);
        await Expect(bench.Page.Locator(".legend .name")).ToHaveTextAsync(["sky", "a fish"]);

        await bench.Page.GetByText("Write, paste or drop a list").ClickAsync();
        await bench.Page.GetByLabel("Classes as text").FillAsync("[{\"name\": ");
        await bench.Button("Use this list").ClickAsync();
        await Expect(bench.Page.Locator(".labels ~ .problem")).ToContainTextAsync("The list cannot be used");
        await Expect(bench.Page.Locator(".legend .name")).ToHaveTextAsync(["sky", "a fish"]);
    }
}
