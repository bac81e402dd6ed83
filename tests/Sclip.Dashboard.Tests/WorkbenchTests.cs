using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>From a job to a workbench with its pictures, and from there to a job that labels all by the new list.</summary>
public sealed class WorkbenchTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task A_list_that_was_made_with_a_jobs_pictures_becomes_a_job_over_its_features()
    {
        var container = await cluster.Dashboard.ContainerAsync(5);
        await using var watched = await cluster.OpenAsync("#/new");
        var page = watched.Page;
        var images = page.GetByLabel("Images", new() { Exact = true });
        await images.FillAsync("of/before");
        var id = await JobTests.SubmitAsync(page, container, "Kept", more: ", \"device\": \"cpu\", \"settings\": { \"keep_features\": \"fp16\", \"logit_scale\": 60, \"doubt\": true }");
        await JobTests.OpenJobAsync(page, id);
        await page.Locator("a.button", new() { HasText = "Workbench" }).ClickAsync();
        await Expect(page.Locator("#start-job")).ToHaveValueAsync(id);
        await BeginAsync(page, "doubt");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Kept (least sure)");
        await page.Locator(".labels .name").First.FillAsync("meadow");
        await SaveAsync(page);
        await Expect(page.Locator("#panel-save code")).ToContainTextAsync($"--features-of {id}");
        await watched.ShowAsync("cluster-bench");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it a job" }).ClickAsync();

        await Expect(images).ToHaveValueAsync($"{container}/set/");
        await Expect(page.GetByLabel("Model")).ToHaveValueAsync("demo/model");
        await Expect(page.Locator(".carried li")).ToHaveTextAsync([$"the features of job {id}, which are labelled in place of imagesLeave out", "that only workers on cpu take itLeave out"]);
        await Expect(page.Locator(".labels .name")).ToHaveCountAsync(4);
        await Expect(page.Locator(".labels .name").First).ToHaveValueAsync("meadow");
        await Expect(page.Locator("#field-scale")).ToHaveValueAsync("60");
        await watched.ShowAsync("cluster-new-job");

        // What was in the form before comes back, and the job once more from the workbench.
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring that back" }).ClickAsync();
        await Expect(images).ToHaveValueAsync("of/before");
        await Expect(page.Locator(".carried")).ToBeHiddenAsync();
        await page.GoBackAsync();
        await Expect(page.Locator(".labels .name").First).ToHaveValueAsync("meadow");
        await SaveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it a job" }).ClickAsync();
        await Expect(page.Locator(".carried li")).ToHaveCountAsync(2);
        // A reload finds it as it is.
        await page.ReloadAsync();
        await Expect(page.Locator(".carried li")).ToHaveCountAsync(2);
        var sent = await FormTests.SendAsync(page);
        Assert.Equal((id, "cpu", true), ((string?)sent["features_of"], (string?)sent["device"], (bool?)sent["settings"]!["doubt"]));
        await Expect(page.Locator(".job-page .chip[data-state]")).ToHaveTextAsync("completed");
        await Expect(page.Locator(".facts div", new() { HasText = "By kept features" }).Locator("dd")).ToHaveTextAsync("5");
        await Expect(page.Locator(".facts div", new() { HasText = "By pixels" }).Locator("dd")).ToHaveTextAsync("0");
    }

    [Fact]
    public async Task A_list_that_was_made_with_listed_pictures_becomes_a_job_over_those_alone()
    {
        var container = await cluster.Dashboard.ContainerAsync(3);
        await using var watched = await cluster.OpenAsync("");
        var page = watched.Page;
        var id = await JobTests.SubmitAsync(page, container, "Listed", more: ", \"images\": [\"set/scene-01.png\", \"set/scene-03.png\"]");
        await JobTests.OpenJobAsync(page, id);
        await page.EvaluateAsync("location.hash = '#/workbench'");
        await page.Locator("#start-job").SelectOptionAsync(id);
        var first = await BeginAsync(page, "chance");
        await page.EvaluateAsync("location.hash = '#/workbench'");
        await page.Locator("#start-job").SelectOptionAsync(id);
        // By chance they are others each time.
        Assert.NotEqual((int)first["seed"]!, (int)(await BeginAsync(page, "chance"))["seed"]!);
        await page.Locator(".labels .name").First.FillAsync("meadow");
        await SaveAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it a job" }).ClickAsync();
        await Expect(page.Locator(".carried li")).ToHaveTextAsync(["a list of 2 images, which alone are labelledLeave out"]);
        var sent = await FormTests.SendAsync(page);
        Assert.Equal(["set/scene-01.png", "set/scene-03.png"], sent["images"]!.AsArray().Select(name => (string)name!));
        await Expect(page.Locator(".job-page .chip[data-state]")).ToHaveTextAsync("completed");
        await Expect(page.Locator("dl.facts")).ToContainTextAsync("2 of 2");

        await page.EvaluateAsync("location.hash = '#/workbench'");
        var mine = page.Locator("li.session", new() { HasText = "Listed (by chance)" });
        await Expect(mine).ToHaveCountAsync(2);
        await mine.First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(mine).ToHaveCountAsync(1);
    }

    /// <summary>Begins a session with two pictures, waits for their masks, and gives what the browser asked for.</summary>
    private static async Task<JsonObject> BeginAsync(IPage page, string order)
    {
        await page.Locator("#start-count").FillAsync("2");
        await page.Locator("#start-order").SelectOptionAsync(order);
        var request = await page.RunAndWaitForRequestAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync(), request => request.Method == "POST" && request.Url.EndsWith("/workbench/sessions", StringComparison.Ordinal));
        await page.WaitForURLAsync(new Regex("#/workbench/[0-9a-f]+$"));
        await Expect(page.Locator(".board .frame[tabindex] canvas")).ToHaveCountAsync(2);
        await Expect(page.Locator(".legend .share").First).Not.ToHaveTextAsync("–");
        return JsonSerializer.Deserialize<JsonObject>(request.PostData!)!;
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.Locator("#panel-save .path")).ToHaveTextAsync("Saved as labels.json");
    }
}
