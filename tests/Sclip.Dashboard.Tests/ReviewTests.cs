using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sclip.Contracts;
using Sclip.Imaging;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>People decide on images, one by one and together, and others do so meanwhile.</summary>
public sealed class ReviewTests(DashboardFixture fixture)
{
    private const int ShardSize = 16;

    [Fact]
    public async Task Decisions_and_notes_are_saved_in_the_order_in_which_they_are_given_and_the_next_open_image_follows()
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}/images/{WrittenJob.Name(1)}?review=open");
        var page = watched.Page;
        var viewer = page.GetByRole(AriaRole.Dialog);
        var (name, verdict) = (viewer.Locator("h2"), viewer.Locator(".verdict-words"));
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(1));
        await page.Keyboard.PressAsync("a");
        await Expect(viewer.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say who reviews");
        await Expect(viewer.GetByLabel("Reviewer")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ann");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("a");
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(2));
        await Expect(viewer.Locator(".who span")).ToHaveTextAsync("2 of 130");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(verdict).ToContainTextAsync("Accepted by ann");

        // A click that leaves the note, which is saved by that: both count.
        var (held, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync("**/review", async route =>
        {
            held.TrySetResult();
            await go.Task;
            await route.ContinueAsync();
        });
        await viewer.GetByLabel("Note").FillAsync("the sky is water");
        await viewer.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await held.Task;
        await Expect(verdict).ToContainTextAsync("Accepted by ann");
        go.SetResult();
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(2));
        await page.UnrouteAllAsync();
        Assert.Equal(("rejected", "the sky is water", 3), await EntryAsync(page, id, 1));
        await watched.ShowAsync("review");

        await page.Keyboard.PressAsync("f");
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(3));
        await page.Keyboard.PressAsync("r");
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(4));
        // Images that another one took out of the filter, read already and not yet, are gone past, and none that is open.
        await DecideAsync(page, id, "ben", "accepted", [5, 6, .. Enumerable.Range(50, 20)]);
        await page.Keyboard.PressAsync("a");
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(7));
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(verdict).ToContainTextAsync("Accepted by ann");
        // The same again takes it back, and stays.
        await page.Keyboard.PressAsync("a");
        await Expect(verdict).ToBeHiddenAsync();
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(4));
        await page.Keyboard.PressAsync("Escape");
        await Expect(viewer).ToHaveCountAsync(0);
        await Expect(page.Locator(".review-card")).ToContainTextAsync("25 of 130 images reviewed · ben 22 · ann 3");
        await Expect(page.Locator(".pager p")).ToHaveTextAsync("1-60 of 105");
        await Expect(page.Locator(".gallery .shot", new() { HasText = "004.png" })).ToBeFocusedAsync();

        // From the last open image of what was read, past those that were read and those that were not.
        await page.Locator(".gallery .shot", new() { HasText = "049.png" }).ClickAsync();
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(49));
        await DecideAsync(page, id, "ben", "rejected", [.. Enumerable.Range(70, 20)]);
        await page.Keyboard.PressAsync("a");
        await Expect(name).ToHaveTextAsync(WrittenJob.Name(90));
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task A_selection_is_decided_on_together_and_another_ones_decision_is_asked_about(int width, ColorScheme scheme)
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}", width, 860, scheme);
        var page = watched.Page;
        var selected = page.Locator(".selected");
        await Box(5).ClickAsync();
        await Box(8).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(selected.GetByRole(AriaRole.Status)).ToHaveTextAsync("4 images selected");
        await selected.GetByLabel("Reviewer").FillAsync("ann");
        await selected.GetByLabel("Note").FillAsync("as a whole");
        await watched.ShowAsync($"selection-{width}");
        await MeanwhileAsync(page, () => DecideAsync(page, id, "ben <b>", "rejected", [6], "no grass"));
        await selected.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();

        var question = page.GetByRole(AriaRole.Dialog);
        await Expect(question).ToContainTextAsync("Somebody else has decided on this image meanwhile. Put yours, accepted, in its place?");
        await Expect(question.Locator("li")).ToContainTextAsync($"{WrittenJob.Name(6)} rejected by ben <b>, ");
        await Expect(question.Locator("li")).ToContainTextAsync(": no grass");
        await watched.ShowAsync($"conflict-{width}");
        await watched.HoldsItsWidthAsync();
        await watched.StandsOutAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Leave theirs" }).ClickAsync();
        await Expect(selected.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 image selected");
        Assert.Equal(("rejected", "no grass", 1), await EntryAsync(page, id, 6));
        foreach (var place in new[] { 5, 7, 8 })
            Assert.Equal(("accepted", "as a whole", 1), await EntryAsync(page, id, place));
        await Expect(page.Locator(".gallery .badge:visible")).ToHaveTextAsync(["✓ accepted", "✕ rejected", "✓ accepted", "✓ accepted"]);

        // It is still selected, and what was left of the other one's is known now.
        await selected.GetByLabel("Note").FillAsync("");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("f");
        await Expect(selected).ToBeHiddenAsync();
        Assert.Equal("flagged", (await EntryAsync(page, id, 6)).Decision);
        await MeanwhileAsync(page, () => DecideAsync(page, id, "ben <b>", "rejected", [9]));
        await Box(9).ClickAsync();
        await page.Keyboard.PressAsync("a");
        await question.GetByRole(AriaRole.Button, new() { Name = "Replace" }).ClickAsync();
        await Expect(selected).ToBeHiddenAsync();
        Assert.Equal(("accepted", null, 2), await EntryAsync(page, id, 9));
        await page.UnrouteAllAsync();
        await page.ReloadAsync();
        await Expect(page.Locator(".gallery .badge:visible")).ToHaveCountAsync(5);
        await watched.HoldsItsWidthAsync();

        ILocator Box(int place) => page.GetByLabel($"Select {WrittenJob.Name(place)}");
    }

    [Fact]
    public async Task A_corrected_mask_is_shown_in_place_of_the_machines_and_found_by_its_shard()
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await CorrectAsync(watched, id, 20, 2);
        await page.GotoAsync($"{watched.Address}/#/jobs/{id}/images/{WrittenJob.Name(20)}?review=corrected");
        var viewer = page.GetByRole(AriaRole.Dialog);
        await Expect(viewer.Locator(".legend .share")).ToHaveTextAsync(["100 %"]);
        var link = viewer.GetByRole(AriaRole.Link, new() { Name = "Corrected mask" });
        await Expect(link).ToHaveAttributeAsync("href", new Regex($"^jobs/{id}/corrections/{WrittenJob.Name(20)}\\?shard=1$"));
        var file = await page.APIRequest.GetAsync($"{watched.Address}/{await link.GetAttributeAsync("href")}");
        Assert.Equal((200, "image/png"), (file.Status, file.Headers["content-type"]));
        await viewer.GetByRole(AriaRole.Button, new() { Name = "Machine's" }).ClickAsync();
        await Expect(viewer.Locator(".legend .share")).ToHaveTextAsync(["50 %", "50 %"]);
        // One that has a map of doubt and an overlay, too, has twice as many.
        Assert.True(await viewer.Locator(".links").EvaluateAsync<bool>("links => { links.append(...[...links.children].map(link => link.cloneNode(true))); return links.scrollWidth <= links.clientWidth; }"));
        await watched.ShowAsync("corrected");
    }

    [Fact]
    public async Task A_correction_that_came_meanwhile_is_shown_before_it_is_decided_on_and_only_what_was_shown_is_taken_back()
    {
        var id = await WrittenJob.WriteAsync(fixture, TestContext.Current.CancellationToken);
        await using var watched = await fixture.OpenAsync($"#/jobs/{id}/images/{WrittenJob.Name(20)}");
        var page = watched.Page;
        var viewer = page.Locator("dialog.viewer");
        var (shares, alert, back) = (viewer.Locator(".legend .share"), viewer.GetByRole(AriaRole.Alert), viewer.GetByRole(AriaRole.Button, new() { Name = "Take the correction back" }));
        await Expect(shares).ToHaveTextAsync(["50 %", "50 %"]);
        await Expect(back).ToBeHiddenAsync();
        await viewer.GetByLabel("Reviewer").FillAsync("ann");
        await page.Keyboard.PressAsync("Enter");
        await CorrectAsync(watched, id, 20, 2);
        await page.Keyboard.PressAsync("a");
        await Expect(alert).ToHaveTextAsync($"Another mask of '{WrittenJob.Name(20)}' counts by now, which ben corrected. Look at it first.");
        await Expect(shares).ToHaveTextAsync(["100 %"]);
        await page.Keyboard.PressAsync("a");
        await Expect(viewer.Locator("h2")).ToHaveTextAsync(WrittenJob.Name(21));
        Assert.Equal(("accepted", null, 1), await EntryAsync(page, id, 20));

        await page.Keyboard.PressAsync("ArrowLeft");
        await back.ClickAsync();
        var question = page.Locator("dialog.ask");
        await Expect(question).ToContainTextAsync(WrittenJob.Name(20));
        await CorrectAsync(watched, id, 20, 3);
        await question.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(alert).ToContainTextAsync("was corrected anew meanwhile");
        await Expect(viewer.Locator(".legend .name")).ToHaveTextAsync(["water"]);
        await watched.ShowAsync("correction-anew");
        await back.ClickAsync();
        await question.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(shares).ToHaveTextAsync(["50 %", "50 %"]);
        await Expect(alert).ToHaveCountAsync(0);
        await Expect(back).ToBeHiddenAsync();
        await Expect(viewer.Locator(".verdict-words")).ToContainTextAsync("of other labels");
    }

    /// <summary>Has somebody else decide while the page's next decision is on its way: before, the page might hear of it.</summary>
    private static Task MeanwhileAsync(IPage page, Func<Task> decide)
    {
        var isDecided = false;
        return page.RouteAsync("**/review", async route =>
        {
            if (route.Request.Method == "POST" && !isDecided)
            {
                isDecided = true;
                await decide();
            }
            await route.ContinueAsync();
        });
    }

    private static async Task CorrectAsync(WatchedPage watched, string id, int place, ushort label)
    {
        var mask = new MemoryStream();
        MaskEncoder.Write(mask, [.. Enumerable.Repeat(label, 256 * 192)], 256, 192, Palette.Of([.. new[] { "grass", "sky", "brick", "water" }.Select(name => new LabelClass { Name = name })]));
        var put = await watched.Page.APIRequest.PutAsync($"{watched.Address}/jobs/{id}/corrections/{WrittenJob.Name(place)}?by=ben", new() { DataByte = mask.ToArray(), Headers = [new("Content-Type", "image/png")] });
        Assert.True(put.Ok, await put.TextAsync());
    }

    /// <summary>Decides by another way than the page; none of the images is decided on yet, but by the same one.</summary>
    internal static async Task DecideAsync(IPage page, string id, string reviewer, string decision, int[] places, string? note = null)
    {
        var body = new JsonObject
        {
            ["reviewer"] = reviewer,
            ["decision"] = decision,
            ["note"] = note,
            ["images"] = new JsonArray([.. places.Select(place => new JsonObject { ["image"] = WrittenJob.Name(place), ["shard"] = (place - 1) / ShardSize, ["revision"] = 0 })]),
        };
        var answer = await page.APIRequest.PostAsync($"{new Uri(page.Url).GetLeftPart(UriPartial.Authority)}/jobs/{id}/review", new() { DataString = body.ToJsonString(), Headers = [new("Content-Type", "application/json")] });
        Assert.True(answer.Ok, await answer.TextAsync());
    }

    private static async Task<(string? Decision, string? Note, int Revision)> EntryAsync(IPage page, string id, int place)
    {
        var answer = await page.APIRequest.GetAsync($"{new Uri(page.Url).GetLeftPart(UriPartial.Authority)}/jobs/{id}/images?at={WrittenJob.Name(place)}&limit=1");
        var entry = JsonSerializer.Deserialize<JsonObject>(await answer.TextAsync())!["images"]![0]!["review"]!;
        return ((string?)entry["decision"], (string?)entry["note"], (int)entry["revision"]!);
    }
}
