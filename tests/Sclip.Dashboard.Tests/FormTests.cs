using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>What is sent is what stands in the form, and what stands in the form is what was typed, copied or filled in.</summary>
public sealed class FormTests(DashboardFixture fixture)
{
    private const string Labels = """
        [{ "name": "grass", "synonyms": ["sand, wet", "\"lawn\""], "color": "#2f9e44" }, { "name": "sky, blue", "color": "#4dabf7" }, { "name": "rest", "color": "#123456", "background": true }]
        """;

    [Fact]
    public async Task A_copied_job_is_the_same_job_in_all_that_it_has()
    {
        var container = await fixture.ContainerAsync(3);
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var id = await PostAsync(page, FullRequest(container));
        await page.GotoAsync($"{watched.Address}/#/new/{id}");
        await Expect(page.Locator(".carried li")).ToHaveTextAsync([
            "a list of 2 images, which alone are labelledLeave out", "that only workers on cpu take itLeave out", "2 prompt templatesLeave out", "PAMR dilations 4, 12Leave out"]);
        await Expect(page.Locator(".labels .synonyms").First).ToHaveValueAsync("\"sand, wet\", \"\"\"lawn\"\"\"");
        await OpenSettingsAsync(page);
        await watched.ShowAsync("copied");
        var sent = await SendAsync(page);
        Assert.Equal("cpu", (string?)sent["device"]);
        Assert.Equal(["set/scene-01.png", "set/scene-03.png"], sent["images"]!.AsArray().Select(name => name!.GetValue<string>()));
        // The same request is the same job, whose id is a digest of all that results depend on.
        var there = page.Locator("form .note a");
        await Expect(there).ToHaveTextAsync(id);

        // So is the copy that was left and come back to.
        await page.GotoAsync($"{watched.Address}/#/new/{id}");
        await Expect(page.Locator(".carried li")).ToHaveCountAsync(4);
        await LeaveAndReturnAsync(page);
        await Expect(page.Locator(".carried li").First).ToContainTextAsync("a list of 2 images");
        await page.Locator("#field-name").FillAsync("Another name");
        await SendAsync(page);
        await Expect(there).ToHaveTextAsync(id);
        await page.GetByRole(AriaRole.Button, new() { Name = "Label all again" }).PushAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Another name" })).ToBeVisibleAsync();
        await Expect(page.Locator(".id")).Not.ToHaveTextAsync(id);
    }

    [Fact]
    public async Task A_copy_of_a_job_over_features_labels_those()
    {
        var container = await fixture.ContainerAsync(2);
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var kept = await PostAsync(page, new JsonObject { ["input"] = $"{container}/set/", ["model"] = "demo/model", ["labels"] = JsonNode.Parse(Labels), ["settings"] = new JsonObject { ["keep_features"] = "int8" } });
        await page.GotoAsync($"{watched.Address}/#/jobs/{kept}");
        await Expect(page.Locator(".job-page .chip[data-state]")).ToHaveTextAsync("completed");
        var id = await PostAsync(page, new JsonObject { ["features_of"] = kept, ["labels"] = JsonNode.Parse(Labels) });
        await page.GotoAsync($"{watched.Address}/#/jobs/{id}");
        await Expect(page.Locator(".facts div", new() { HasText = "By kept features" }).Locator("dd")).ToHaveTextAsync("2");
        await Expect(page.Locator(".facts div", new() { HasText = "By pixels" }).Locator("dd")).ToHaveTextAsync("0");
        await page.GotoAsync($"{watched.Address}/#/new/{id}");
        await Expect(page.Locator(".carried li").First).ToContainTextAsync($"the features of job {kept}, which are labelled in place of images");
        Assert.Equal(kept, (string?)(await SendAsync(page))["features_of"]);
        await Expect(page.Locator("form .note a")).ToHaveTextAsync(id);
    }

    [Fact]
    public async Task What_came_along_with_a_copy_may_be_left_out()
    {
        var container = await fixture.ContainerAsync(3);
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await page.GotoAsync($"{watched.Address}/#/new/{await PostAsync(page, FullRequest(container))}");
        await Expect(page.Locator(".places .samples li")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave out a list of 2 images" }).PushAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave out 2 prompt templates" }).PushAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave out that only workers on cpu take it" }).PushAsync();
        await LeaveAndReturnAsync(page);
        await Expect(page.Locator(".carried li")).ToHaveCountAsync(1);
        var sent = await SendAsync(page);
        Assert.False(sent.ContainsKey("images"));
        Assert.False(sent.ContainsKey("device"));
        Assert.False(sent["settings"]!.AsObject().ContainsKey("templates"));
        Assert.Equal("[4,12]", sent["settings"]!["pamr_dilations"]!.ToJsonString());
        await Expect(page.Locator("dl.facts")).ToContainTextAsync("of 3");
    }

    [Fact]
    public async Task A_copy_without_its_list_of_images_is_not_sent_as_one_of_all_images()
    {
        var container = await fixture.ContainerAsync(3);
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var id = await PostAsync(page, FullRequest(container));
        await JobTests.OpenJobAsync(page, id);
        await fixture.Account.Container("sclip").DeleteAsync($"jobs/{id}/input.txt", CancellationToken.None);
        await page.GotoAsync($"{watched.Address}/#/new/{id}");
        await Expect(page.Locator(".carried li").First).ToContainTextAsync($"the list of images of job {id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).PushAsync();
        await Expect(Problem(page)).ToContainTextAsync($"The list of images of job {id} cannot be read");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator(".preview .problem")).ToContainTextAsync("cannot be read");
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave out the list of images" }).PushAsync();
        Assert.False((await SendAsync(page)).ContainsKey("images"));
    }

    [Fact]
    public async Task A_copy_that_was_changed_stays_so_and_what_was_there_before_comes_back()
    {
        var container = await fixture.ContainerAsync(1);
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await page.GetByLabel("Images", new() { Exact = true }).FillAsync("of/before");
        await page.GotoAsync($"{watched.Address}/#/new/{await PostAsync(page, FullRequest(container))}");
        var images = page.GetByLabel("Images", new() { Exact = true });
        await Expect(images).ToHaveValueAsync($"{container}/set/");
        await images.FillAsync($"{container}/changed");
        await page.ReloadAsync();
        await Expect(images).ToHaveValueAsync($"{container}/changed");

        await page.GotoAsync($"{watched.Address}/#/new/no-such-job");
        await Expect(Problem(page)).ToContainTextAsync("There is no job no-such-job");
        await Expect(images).ToHaveValueAsync($"{container}/changed");
        await page.GotoAsync($"{watched.Address}/#/new/{await PostAsync(page, FullRequest(container))}");
        await Expect(images).ToHaveValueAsync($"{container}/set/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring that back" }).PushAsync();
        await Expect(images).ToHaveValueAsync($"{container}/changed");
        await LeaveAndReturnAsync(page);
        await Expect(images).ToHaveValueAsync($"{container}/changed");
    }

    [Fact]
    public async Task What_is_typed_is_there_after_a_look_elsewhere_and_in_what_is_sent_zeros_too()
    {
        var container = await fixture.ContainerAsync(1);
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        var typed = new Dictionary<string, string>
        {
            ["input"] = $"{container}/set/",
            ["name"] = "Typed",
            ["model"] = "demo/model",
            ["variant"] = "3",
            ["seed"] = "0",
            ["pamr"] = "0",
            ["threshold"] = "0",
            ["area"] = "0",
            ["side"] = "0",
            ["crop"] = "0",
            ["stride"] = "64",
            ["scale"] = "4e1",
            ["shard"] = "64",
            ["priority"] = "0",
        };
        await page.Locator("#field-method").SelectOptionAsync(new SelectOptionValue { Label = "sclip-random" });
        await OpenSettingsAsync(page);
        foreach (var (field, text) in typed)
            await page.Locator($"#field-{field}").FillAsync(text);
        foreach (var box in new[] { "overlay", "scores", "doubt" })
            await page.Locator($"#field-{box}").PressAsync("Space");
        await page.Locator(".labels .name").FillAsync("sky");
        await page.Locator(".labels .synonyms").FillAsync("blue, \"clouds, grey\", ");
        await page.Locator(".labels [type=checkbox]").PressAsync("Space");
        await page.Locator(".labels [type=color]").FillAsync("#010203");
        await LeaveAndReturnAsync(page);
        foreach (var (field, text) in typed)
            await Expect(page.Locator($"#field-{field}")).ToHaveValueAsync(text);
        await Expect(page.Locator(".labels .synonyms")).ToHaveValueAsync("blue, \"clouds, grey\", ");
        var sent = await SendAsync(page);
        var expected = JsonNode.Parse($$"""
            {
              "input": "{{container}}/set/", "name": "Typed", "model": "demo/model", "shard_size": 64, "priority": 0,
              "labels": [{ "name": "sky", "synonyms": ["blue", "clouds, grey"], "color": "#010203", "background": true }],
              "settings": {
                "method": "sclip-random:3:0", "overlay": true, "scores": true, "doubt": true, "pamr_steps": 0, "probability_threshold": 0, "area_threshold": 0, "short_side": 0, "crop": 0, "stride": 64, "logit_scale": 40
              }
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, sent), sent.ToJsonString());
    }

    [Fact]
    public async Task A_class_without_a_name_is_refused_and_its_row_is_marked()
    {
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await page.GetByLabel("Images", new() { Exact = true }).FillAsync($"{await fixture.ContainerAsync(1)}/set/");
        await page.GetByLabel("Model").FillAsync("demo/model");
        await page.Locator(".labels .name").FillAsync("sky");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add class" }).PushAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add class" }).PushAsync();
        await page.Locator(".labels .synonyms").Nth(1).FillAsync("lawn, meadow");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator(".preview .problem")).ToContainTextAsync("A class has no name");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).PushAsync();
        await Expect(Problem(page)).ToContainTextAsync("A class has no name");
        await page.GetByText("Write, paste or drop a list").PushAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Fill in what is above" }).PushAsync();
        await Expect(page.Locator("fieldset [role=alert]")).ToContainTextAsync("A class has no name");
        await Expect(page.Locator(".labels [aria-invalid]")).ToHaveCountAsync(1);
        await Expect(page.Locator(".labels li").Nth(1).Locator(".name")).ToHaveAttributeAsync("aria-invalid", "true");
        await watched.ShowAsync("no-name");

        await page.Locator(".labels .name").Nth(1).FillAsync("grass");
        await Expect(page.Locator(".labels [aria-invalid]")).ToHaveCountAsync(0);
        await page.Locator(".labels .synonyms").Nth(1).FillAsync("\"lawn, meadow");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).PushAsync();
        await Expect(Problem(page)).ToContainTextAsync("A quotation mark stands alone");
        await page.Locator(".labels .synonyms").Nth(1).FillAsync("lawn, meadow");
        // A row in which nothing was written is no class.
        var sent = await SendAsync(page);
        Assert.Equal(["sky", "grass"], sent["labels"]!.AsArray().Select(label => label!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Each_class_has_a_colour_of_its_own_and_one_that_is_shared_is_told()
    {
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await UseAsync(page, "a cat\na dog\na cow");
        await page.Locator(".labels .remove").Nth(1).PushAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add class" }).PushAsync();
        await page.Locator(".labels .name").Nth(2).FillAsync("a horse");
        Assert.Equal(3, (await ColorsAsync(page)).Distinct().Count());
        var told = page.GetByText("have the same colour");
        await Expect(told).ToBeHiddenAsync();
        var first = (await ColorsAsync(page))[0];
        await page.Locator(".labels [type=color]").Nth(2).FillAsync(first);
        await Expect(told).ToHaveTextAsync($"'a cat', 'a horse' have the same colour {first}: pictures show them as one.");

        // What a list leaves open keeps clear of the colours that others in it have.
        await UseAsync(page, $$"""[{"name": "a cat"}, {"name": "a dog", "color": "{{first}}"}, {"name": "a cow"}]""");
        var colors = await ColorsAsync(page);
        Assert.Equal(first, colors[1]);
        Assert.Equal(3, colors.Distinct().Count());
    }

    [Theory]
    [InlineData("sky\ngrass, lawn", "sky\ngrass, lawn")]
    [InlineData(Labels, "[\n  {\"name\":\"grass\"")]
    [InlineData("""[{"name": "name"}, {"name": "# 1"}, {"name": "sky", "background": true}]""", "[\n  {\"name\":\"name\"")]
    public async Task Classes_that_are_filled_in_as_text_and_used_are_the_same(string list, string begin)
    {
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await UseAsync(page, list);
        var before = await RowsAsync();
        await page.GetByText("Write, paste or drop a list").PushAsync();
        var box = page.GetByLabel("Classes as text");
        await box.FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fill in what is above" }).PushAsync();
        await Expect(box).Not.ToHaveValueAsync("");
        Assert.StartsWith(begin, await box.InputValueAsync(), StringComparison.Ordinal);
        await page.Locator(".labels .name").First.FillAsync("other");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use this list" }).PushAsync();
        await Expect(page.Locator(".labels .name").First).Not.ToHaveValueAsync("other");
        Assert.Equal(before, await RowsAsync());

        Task<string> RowsAsync() => page.Locator(".labels li").EvaluateAllAsync<string>("rows => JSON.stringify(rows.map(row => [...row.querySelectorAll('input')].map(input => input.type === 'checkbox' ? input.checked : input.value)))");
    }

    [Fact]
    public async Task A_list_of_classes_that_is_written_and_not_used_is_not_left_out_in_silence()
    {
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await page.GetByLabel("Images", new() { Exact = true }).FillAsync("some/where");
        await page.Locator(".labels .name").FillAsync("sky");
        await page.GetByText("Write, paste or drop a list").PushAsync();
        await page.GetByLabel("Classes as text").FillAsync("grass\nsea");
        await LeaveAndReturnAsync(page);
        await Expect(page.GetByLabel("Classes as text")).ToHaveValueAsync("grass\nsea");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).PushAsync();
        await Expect(Problem(page)).ToContainTextAsync("is not used yet");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use this list" }).PushAsync();
        await Expect(page.Locator(".labels li")).ToHaveCountAsync(2);
        Assert.Equal(2, (await SendAsync(page))["labels"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("scale", "1e", "'1e' is no number")]
    [InlineData("scale", "40,5", "'40,5' is no number")]
    [InlineData("crop", "22.5", "whole number")]
    [InlineData("threshold", "1.5", "0..1")]
    [InlineData("priority", "10", "0..9")]
    public async Task A_broken_number_is_refused_by_preview_as_by_submit(string field, string typed, string reason)
    {
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await page.GetByLabel("Images", new() { Exact = true }).FillAsync("some/where");
        await page.Locator(".labels .name").FillAsync("sky");
        await OpenSettingsAsync(page);
        await page.Locator($"#field-{field}").PressSequentiallyAsync(typed);
        await LeaveAndReturnAsync(page);
        var sent = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method == "POST")
                sent.Add(request.Url);
        };
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator(".preview .problem")).ToContainTextAsync(reason);
        // The box of settings was shut.
        await Expect(page.Locator($"#field-{field}")).ToBeVisibleAsync();
        await Expect(page.Locator($"#field-{field}")).ToHaveValueAsync(typed);
        await Expect(page.Locator($"#field-{field}")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).PushAsync();
        await Expect(Problem(page)).ToContainTextAsync(reason);
        Assert.Empty(sent);
    }

    [Fact]
    public async Task A_method_that_was_chosen_stays_where_the_service_cannot_say_what_there_is()
    {
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await page.Locator("#field-method").SelectOptionAsync("naclip");
        await page.RouteAsync("**/choices", route => route.AbortAsync());
        await LeaveAndReturnAsync(page);
        await Expect(page.Locator("#field-method")).ToHaveValueAsync("naclip");
    }

    private static JsonObject FullRequest(string container) => new()
    {
        ["input"] = $"{container}/set/",
        ["images"] = new JsonArray("set/scene-01.png", "set/scene-03.png"),
        ["name"] = "Whole",
        ["model"] = "demo/model",
        ["labels"] = JsonNode.Parse(Labels),
        ["shard_size"] = 7,
        ["priority"] = 3,
        ["device"] = "cpu",
        ["settings"] = JsonNode.Parse("""
            {
              "method": "sclip-random:2:7", "templates": ["a picture of {}, here.", "{}"], "short_side": 0, "crop": 0, "stride": 32, "logit_scale": 30.25, "probability_threshold": 0.125, "area_threshold": 0.3,
              "pamr_steps": 1, "pamr_dilations": [4, 12], "overlay": true, "doubt": true, "scores": false
            }
            """),
    };

    private static async Task<string> PostAsync(IPage page, JsonObject request)
    {
        var answer = await page.APIRequest.PostAsync($"{new Uri(page.Url).GetLeftPart(UriPartial.Authority)}/jobs", new() { DataString = request.ToJsonString(), Headers = [new("Content-Type", "application/json")] });
        Assert.True(answer.Ok, await answer.TextAsync());
        return (await answer.JsonAsync())!.Value.GetProperty("id").GetString()!;
    }

    /// <summary>Submits the form, and gives what the browser sent.</summary>
    internal static async Task<JsonObject> SendAsync(IPage page)
    {
        var request = await page.RunAndWaitForRequestAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).PushAsync(), request => request.Method == "POST" && request.Url.EndsWith("/jobs", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<JsonObject>(request.PostData!)!;
    }

    private static async Task UseAsync(IPage page, string list)
    {
        await page.GetByText("Write, paste or drop a list").PushAsync();
        await page.GetByLabel("Classes as text").FillAsync(list);
        await page.GetByRole(AriaRole.Button, new() { Name = "Use this list" }).PushAsync();
        await Expect(page.GetByLabel("Classes as text")).ToBeHiddenAsync();
    }

    private static async Task LeaveAndReturnAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).First.ClickAsync();
        await Expect(page.Locator(".tiles")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await Expect(page.Locator("#field-input")).ToBeVisibleAsync();
    }

    private static Task OpenSettingsAsync(IPage page) => page.GetByText("More settings").PushAsync();

    private static async Task<IReadOnlyList<string>> ColorsAsync(IPage page) => await page.Locator(".labels [type=color]").EvaluateAllAsync<string[]>("list => list.map(item => item.value)");

    private static ILocator Problem(IPage page) => page.Locator("form > .column:first-child > .problem");
}
