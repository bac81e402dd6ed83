using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sclip.Storage;
using Sclip.Testing.Servers;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>A job's way through the page, as a user goes it.</summary>
public sealed class JobTests(DashboardFixture fixture)
{
    [Fact]
    public async Task A_job_is_tried_on_three_images_submitted_and_watched_to_its_end()
    {
        var container = await fixture.ContainerAsync(8, ("set/broken.jpg", [1, 2, 3]));
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await page.GetByLabel("Images", new() { Exact = true }).FillAsync($"{container}/set/scene");
        await page.GetByLabel("Model").FillAsync("demo/model");
        await page.Locator("#field-name").FillAsync("Walks of a spring");
        await page.GetByText("Write, paste or drop a list").PushAsync();
        await page.GetByLabel("Classes as text").FillAsync("grass, lawn\nsky\nwater, a lake\nbrick");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use this list" }).PushAsync();
        await Expect(page.Locator(".labels li")).ToHaveCountAsync(4);
        await Expect(page.Locator(".labels .synonyms").First).ToHaveValueAsync("lawn");

        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        var shots = page.Locator(".shots img.mask");
        await Expect(shots).ToHaveCountAsync(3);
        await LoadedAsync(shots);
        await Expect(page.Locator(".preview [role=status]")).ToContainTextAsync("Took");
        var before = await page.Locator(".shots .file").AllTextContentsAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Other images" }).ClickAsync();
        await Expect(page.Locator(".shots .file").First).Not.ToHaveTextAsync(before[0]);
        await watched.ShowAsync("new-job");

        await page.GetByLabel("Images", new() { Exact = true }).FillAsync($"{container}/set/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).PushAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Walks of a spring" })).ToBeVisibleAsync();
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("completed");
        await Expect(page.GetByRole(AriaRole.Progressbar, new() { Name = "Progress", Exact = true })).ToHaveAttributeAsync("aria-valuenow", "100");
        await Expect(page.Locator("dl.facts")).ToContainTextAsync("8 of 9");
        await Expect(page.Locator(".shares .name").First).ToBeVisibleAsync();
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(9);
        await watched.ShowAsync("job");

        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).First.ClickAsync();
        var row = page.Locator(".job", new() { HasText = "Walks of a spring" });
        await Expect(row).ToContainTextAsync("9 of 9");
        await Expect(row.Locator(".failures-count")).ToHaveTextAsync("1");
        // Previews are no jobs of anybody.
        await Expect(page.Locator(".job", new() { HasText = "preview-" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_file_of_classes_is_read_as_everywhere_and_what_is_wrong_with_it_is_told()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await page.GetByText("Write, paste or drop a list").PushAsync();
        var problem = page.Locator("fieldset [role=alert]");
        await page.GetByLabel("File of classes").SetInputFilesAsync(new FilePayload { Name = "a.csv", MimeType = "text/csv", Buffer = "grass,sky\n1,2\n"u8.ToArray() });
        await Expect(problem).ToContainTextAsync("line 1: 'grass,sky' may be one name or several");
        await page.GetByLabel("File of classes").SetInputFilesAsync(new FilePayload { Name = "data.yaml", MimeType = "", Buffer = "nc: 2\nnames: [traffic_light, sky]\n"u8.ToArray() });
        await Expect(page.Locator(".labels li")).ToHaveCountAsync(2);
        await Expect(problem).ToBeHiddenAsync();
        await Expect(page.Locator("fieldset .note[role=status]")).ToContainTextAsync("Read as YOLO data.yaml: 2 classes. 'traffic_light': has an underscore");
        var drop = await page.EvaluateHandleAsync("() => { const data = new DataTransfer(); data.items.add(new File(['[\"water\"]'], 'x.json')); return data; }");
        await page.Locator("fieldset", new() { Has = page.Locator(".labels") }).DispatchEventAsync("drop", new { dataTransfer = drop });
        await Expect(page.Locator(".labels li")).ToHaveCountAsync(1);
        await Expect(page.Locator(".labels .name")).ToHaveValueAsync("water");
    }

    [Fact]
    public async Task The_overview_moves_by_itself_while_a_job_runs()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await Expect(page.Locator(".worker", new() { HasText = "ready" }).First).ToBeVisibleAsync();
        await using var job = await LongJob.SubmitAsync(fixture, page, "Told by another");
        var id = job.Id;
        var row = page.Locator(".job", new() { HasText = "Told by another" });
        await Expect(row.Locator(".chip")).ToHaveTextAsync("running");
        await Expect(row).ToContainTextAsync("left");
        // The worker has shards of other tests' jobs in work, too.
        var work = page.Locator(".worker .work a", new() { HasText = id });
        await Expect(work.First).ToBeVisibleAsync();
        await watched.ShowAsync("overview");
        await CancelAsync(page, id);
        await Expect(row.Locator(".chip")).ToHaveTextAsync("cancelled");
        await Expect(work).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Images_are_filtered_by_class_and_failure_and_the_most_doubtful_come_first()
    {
        var container = await fixture.ContainerAsync(8, ("set/broken.jpg", [1, 2, 3]));
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await OpenJobAsync(page, await SubmitAsync(page, container, "Filtered"));
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(9);

        await page.Locator(".failures button").ClickAsync();
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(1);
        await Expect(page.Locator(".gallery .why")).ToContainTextAsync("no picture");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(9);

        await page.GetByLabel("Order").SelectOptionAsync("doubt");
        await Expect(page.Locator(".gallery .shot").Last).ToHaveClassAsync("shot failed");
        await page.GetByLabel("Outcome").SelectOptionAsync("failed");
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(1);
        await Expect(page.Locator(".pager p")).ToHaveTextAsync("1-1 of 1");
        await page.GetByLabel("Outcome").SelectOptionAsync("ok");
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(8);
        var doubts = (await page.Locator(".gallery .sure").EvaluateAllAsync<double[]>("list => list.map(item => Number(item.style.getPropertyValue('--value')))")).ToArray();
        Assert.Equal(doubts.OrderDescending(), doubts);
        Assert.True(doubts[0] > doubts[^1]);

        await page.GetByLabel("Class", new() { Exact = true }).SelectOptionAsync("brick");
        await page.GetByLabel("Order").SelectOptionAsync("share");
        // By class alone they were in another order.
        await Expect(page.Locator(".gallery")).Not.ToHaveAttributeAsync("aria-busy", "true");
        await Expect(page.Locator(".gallery .shot")).Not.ToHaveCountAsync(8);
        var first = await page.Locator(".gallery .file").First.TextContentAsync();
        await page.Locator(".shares .row", new() { HasText = "grass" }).ClickAsync();
        await Expect(page.GetByLabel("Class", new() { Exact = true })).ToHaveValueAsync("grass");
        await Expect(page.Locator(".gallery .file").First).Not.ToHaveTextAsync(first!);
    }

    [Fact]
    public async Task An_image_is_opened_mixed_with_its_mask_and_left_by_keys()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await OpenJobAsync(page, await SubmitAsync(page, await fixture.ContainerAsync(8), "Looked at"));
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(8);
        await page.Locator(".gallery .shot").Nth(6).ClickAsync();
        var viewer = page.GetByRole(AriaRole.Dialog);
        await Expect(viewer).ToContainTextAsync("7 of 8");
        await LoadedAsync(viewer.Locator("img"));
        await viewer.GetByLabel("Mix of picture and mask").FillAsync("1");
        Assert.Equal("1", await viewer.Locator("img.mask").EvaluateAsync<string>("mask => getComputedStyle(mask).opacity"));
        await viewer.GetByLabel("Mix of picture and mask").FillAsync("0.25");
        Assert.Equal("0.25", await viewer.Locator("img.mask").EvaluateAsync<string>("mask => getComputedStyle(mask).opacity"));

        // A class alone: all that is not its own is covered.
        await viewer.Locator(".legend .alone").First.HoverAsync();
        await Expect(viewer.Locator("canvas.only")).ToBeVisibleAsync();
        Assert.Equal(await ShareAsync(viewer.Locator(".legend .alone").First), await OpenAsync(viewer), 0.01);
        await watched.ShowAsync("viewer");

        await viewer.Locator(".head button").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(viewer).ToContainTextAsync("8 of 8");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(viewer).ToContainTextAsync("1 of 8");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        // Where the viewer was left.
        await Expect(page.Locator(".gallery .shot").First).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_class_is_shown_alone_though_another_has_its_colour()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        const string Labels = """[{ "name": "grass", "color": "#2f9e44" }, { "name": "sky", "color": "#2f9e44" }, { "name": "brick", "color": "#2f9e44" }, { "name": "water", "color": "#2f9e44" }]""";
        await OpenJobAsync(page, await SubmitAsync(page, await fixture.ContainerAsync(1), "Of one colour", Labels));
        await Expect(page.Locator(".note", new() { HasText = "have the same colour #2f9e44" })).ToBeVisibleAsync();
        await page.Locator(".gallery .shot").ClickAsync();
        var viewer = page.GetByRole(AriaRole.Dialog);
        await LoadedAsync(viewer.Locator("img"));
        var classes = await viewer.Locator(".legend .alone").AllAsync();
        Assert.True(classes.Count > 1);
        foreach (var item in classes)
        {
            await item.HoverAsync();
            await Expect(viewer.Locator("canvas.only")).ToBeVisibleAsync();
            Assert.Equal(await ShareAsync(item), await OpenAsync(viewer), 0.01);
            await viewer.Locator("h2").HoverAsync();
            await Expect(viewer.Locator("canvas.only")).ToBeHiddenAsync();
        }
    }

    [Fact]
    public async Task A_picture_that_was_replaced_since_is_said_to_be_another_and_not_shown_under_the_mask()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var container = await fixture.ContainerAsync(2);
        await OpenJobAsync(page, await SubmitAsync(page, container, "Replaced"));
        await fixture.Account.Container(container).WriteAsync("set/scene-02.png", JobServers.Picture(7), WriteCondition.None, TestContext.Current.CancellationToken);
        await page.Locator(".gallery .shot", new() { HasText = "scene-02.png" }).ClickAsync();
        var viewer = page.GetByRole(AriaRole.Dialog);
        await Expect(viewer.Locator(".nothing")).ToContainTextAsync("is another picture now than the one that job");
        await viewer.GetByLabel("Next image").ClickAsync();
        await Expect(viewer).ToContainTextAsync("scene-01.png");
        await LoadedAsync(viewer.Locator("img"));
        await Expect(viewer.Locator(".nothing")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_job_is_cancelled_after_a_question_and_taken_up_again()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        // One that is not in the queue: how fast a worker and a browser are is of no account.
        await OpenJobAsync(page, await WrittenJob.PlanAsync(fixture, TestContext.Current.CancellationToken), state: "waiting");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("waiting");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("cancelled");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" })).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take up again" }).ClickAsync();
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("completed");
        await Expect(page.Locator("dl.facts")).ToContainTextAsync($"{WrittenJob.Planned} of {WrittenJob.Planned}");
    }

    [Fact]
    public async Task A_job_that_is_in_no_overview_is_followed_by_itself()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var id = await SubmitAsync(page, await fixture.ContainerAsync(8), "Tried", address: "previews");
        await OpenJobAsync(page, id);
        await Expect(page.Locator("dl.facts")).ToContainTextAsync("3 of 3");
        await Expect(page.Locator(".gallery .shot")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_said_where_it_was_made()
    {
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator(".preview .problem")).ToContainTextAsync("Name the images");
        await page.GetByLabel("Images", new() { Exact = true }).FillAsync("nowhere-at-all/set");
        await page.Locator(".labels .name").FillAsync("sky");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.Locator(".preview .problem")).ToContainTextAsync("nowhere-at-all");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit job" }).ClickAsync();
        await Expect(page.Locator("form > .column:first-child > .problem")).ToContainTextAsync("nowhere-at-all");
        // What was written is still there after a look elsewhere.
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New job" }).First.ClickAsync();
        await Expect(page.GetByLabel("Images", new() { Exact = true })).ToHaveValueAsync("nowhere-at-all/set");
        await page.GotoAsync($"{watched.Address}/#/jobs/no-such-job");
        await Expect(page.Locator(".problem:visible")).ToContainTextAsync("There is no job no-such-job");
        await page.GotoAsync($"{watched.Address}/#/workbench");
        await Expect(page.Locator(".problem:visible")).ToContainTextAsync("There is no workbench here");
        await Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync(["Workbench"]);
    }

    [Fact]
    public async Task A_job_that_waits_says_what_for_in_the_list_and_on_its_page()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var id = await SubmitAsync(page, await fixture.ContainerAsync(8), "For a GPU", more: ", \"device\": \"cuda\"");
        var row = page.Locator(".job", new() { HasText = "For a GPU" });
        await Expect(row.Locator(".chip")).ToHaveTextAsync("waiting");
        await Expect(row.Locator(".reason")).ToContainTextAsync("waiting for a worker with cuda: one that has cpu gave a shard back.");
        await Expect(page.Locator("#pulse")).ToContainTextAsync(new Regex("[0-9] shards? waiting"));
        // What does not fit into the line ends in dots; its row has it as its title.
        Assert.Equal("block ellipsis", await row.Locator(".detail").EvaluateAsync<string>("part => { const { display, textOverflow } = getComputedStyle(part); return `${display} ${textOverflow}`; }"));
        await Expect(row.Locator(".name")).ToHaveAttributeAsync("title", new Regex("waiting for a worker with cuda"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Waiting" }).ClickAsync();
        await Expect(row).ToBeVisibleAsync();
        await Expect(page.Locator(".job", new() { HasText = "completed" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Running" }).ClickAsync();
        await Expect(row).ToBeHiddenAsync();
        await watched.ShowAsync("waiting");
        await page.EvaluateAsync($"location.hash = '#/jobs/{id}'");
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("waiting");
        await Expect(page.Locator(".note:visible")).ToContainTextAsync("Waiting: a worker with cuda");
        await watched.ShowAsync("waiting-job");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel job" }).ClickAsync();
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("cancelled");
        await Expect(page.Locator(".note", new() { HasText = "Waiting" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Jobs_that_wait_are_given_another_priority_cancelled_and_taken_up_again_together()
    {
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var container = await fixture.ContainerAsync(2);
        foreach (var name in new[] { "Together one", "Together two" })
            await SubmitAsync(page, container, name, more: ", \"device\": \"cuda\", \"new\": true");
        await page.GetByLabel("Find a job").FillAsync("together");
        // Before the list is of these alone, all would be selected.
        await Expect(page.Locator(".found")).ToHaveTextAsync("2 jobs match.");
        var rows = page.Locator(".job", new() { HasText = "Together" });
        await Expect(rows.Locator(".chip")).ToHaveTextAsync(["waiting", "waiting"]);
        await ActAsync("Priority", "Set priority", async dialog => await dialog.GetByLabel("Priority").SelectOptionAsync("7"));
        await Expect(page.Locator(".outcome")).ToContainTextAsync("2 jobs now have priority 7.");
        await Expect(rows.Locator(".priority")).ToHaveTextAsync(["urgent (7)", "urgent (7)"]);
        await ActAsync("Cancel", "Cancel jobs");
        await Expect(rows.Locator(".chip")).ToHaveTextAsync(["cancelled", "cancelled"]);
        await ActAsync("Take up again", "Take up again");
        await Expect(page.Locator(".outcome")).ToContainTextAsync("2 jobs taken up again.");
        await Expect(rows.Locator(".chip")).ToHaveTextAsync(["waiting", "waiting"]);
        await ActAsync("Cancel", "Cancel jobs");
        await Expect(rows.Locator(".chip")).ToHaveTextAsync(["cancelled", "cancelled"]);

        async Task ActAsync(string action, string yes, Func<ILocator, Task>? choose = null)
        {
            await page.GetByLabel("Select all jobs that match").ClickAsync();
            await page.Locator(".bulk button", new() { HasText = action }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await (choose?.Invoke(dialog) ?? Task.CompletedTask);
            await dialog.GetByRole(AriaRole.Button, new() { Name = yes, Exact = true }).ClickAsync();
            await Expect(page.Locator(".bulk")).ToBeHiddenAsync();
        }
    }

    internal static async Task CancelAsync(IPage page, string id)
    {
        var answer = await page.APIRequest.PostAsync($"{new Uri(page.Url).GetLeftPart(UriPartial.Authority)}/jobs/{id}/cancel");
        Assert.True(answer.Ok, await answer.TextAsync());
    }

    internal static async Task<string> SubmitAsync(
        IPage page, string container, string name, string labels = """[{ "name": "grass" }, { "name": "sky" }, { "name": "brick" }, { "name": "water" }]""", string address = "jobs", string more = "", int shardSize = 4)
    {
        var answer = await page.APIRequest.PostAsync($"{new Uri(page.Url).GetLeftPart(UriPartial.Authority)}/{address}", new()
        {
            DataString = $$"""{ "input": "{{container}}/set/", "name": {{System.Text.Json.JsonSerializer.Serialize(name)}}, "model": "demo/model", "labels": {{labels}}, "shard_size": {{shardSize}}{{more}} }""",
            Headers = [new("Content-Type", "application/json")],
        });
        Assert.True(answer.Ok, await answer.TextAsync());
        return (await answer.JsonAsync())!.Value.GetProperty("id").GetString()!;
    }

    private static async Task<double> ShareAsync(ILocator item) =>
        double.Parse((await item.Locator(".share").TextContentAsync())!.Trim('<', ' ', '%'), System.Globalization.CultureInfo.InvariantCulture) / 100;

    /// <summary>How much of a picture the cover leaves open.</summary>
    private static Task<double> OpenAsync(ILocator viewer) => viewer.Locator("canvas.only").EvaluateAsync<double>(
        "canvas => { const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let open = 0; for (let i = 3; i < pixels.length; i += 4) if (pixels[i] === 0) open++; return 4 * open / pixels.length; }");

    internal static async Task OpenJobAsync(IPage page, string id, string state = "completed")
    {
        await page.EvaluateAsync($"location.hash = '#/jobs/{id}'");
        // Another job's page stays until the address is heard.
        await Expect(page.Locator(".job-page .id")).ToHaveTextAsync(id);
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync(state);
    }

    internal static async Task LoadedAsync(ILocator images)
    {
        await Expect(images).Not.ToHaveCountAsync(0);
        foreach (var image in await images.AllAsync())
        {
            await image.ScrollIntoViewIfNeededAsync();
            // Asked again and again: an image may be made anew, or be given another address, while it is loaded.
            await Expect(image).ToHaveJSPropertyAsync("complete", true);
            await Expect(image).Not.ToHaveJSPropertyAsync("naturalWidth", 0);
        }
    }
}
