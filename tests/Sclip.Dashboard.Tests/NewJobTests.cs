using System.IO.Compression;
using Microsoft.Playwright;
using Sclip.Testing;
using Sclip.Testing.Servers;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>Places to choose from, uploads, what a job would take, and its results as a file.</summary>
public sealed class NewJobTests(DashboardFixture fixture)
{
    [Fact]
    public async Task Containers_and_folders_are_chosen_with_their_pictures_before_the_eyes()
    {
        var container = await fixture.ContainerAsync(3, ("set/deep/a.png", JobServers.Picture(5)), ("set/notes.txt", [1]), ("other/b.png", JobServers.Picture(6)));
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        var places = page.Locator(".places");
        await places.GetByRole(AriaRole.Button, new() { Name = container, Exact = true }).ClickAsync();
        await Expect(page.Locator("#field-input")).ToHaveValueAsync($"{container}/");
        await Expect(places.Locator(".folders button")).ToHaveTextAsync(["other", "set"]);
        await places.GetByRole(AriaRole.Button, new() { Name = "set", Exact = true }).ClickAsync();
        await Expect(page.Locator("#field-input")).ToHaveValueAsync($"{container}/set/");
        await Expect(places.GetByRole(AriaRole.Status)).ToHaveTextAsync("4 pictures, and 1 other file, which are passed over.");
        await Expect(places.Locator(".samples img")).ToHaveCountAsync(3);
        await JobTests.LoadedAsync(places.Locator(".samples img"));
        await watched.ShowAsync("places");
        await places.GetByRole(AriaRole.Button, new() { Name = $"Go to {container}" }).ClickAsync();
        await Expect(page.Locator("#field-input")).ToHaveValueAsync($"{container}/");
        await page.Locator("#field-input").FillAsync($"{container}/ot");
        await Expect(places.Locator(".folders button")).ToHaveTextAsync(["other"]);
        await page.Locator("#field-input").FillAsync("no-such-container/set/");
        await Expect(places.Locator(".failed")).ToContainTextAsync("does not exist");
    }

    [Fact]
    public async Task A_folder_is_uploaded_once_and_what_cannot_be_is_named()
    {
        using var folder = new TemporaryFolder();
        for (var i = 1; i <= 3; i++)
            folder.Write($"shoot/day {i}/scene.png", JobServers.Picture(i));
        folder.Write("shoot/notes.txt", [1]);
        folder.Write("shoot/empty.png", []);
        folder.Write("shoot/.hidden.png", [1]);
        var container = $"u{Guid.NewGuid():n}";
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        await page.Locator("#field-input").FillAsync($"{container}/new");
        await page.GetByText("Upload a folder").PushAsync();
        var panel = page.Locator(".upload");
        await Expect(panel).ToContainTextAsync("Up to 2,000 pictures of at most 64.0 MB each");
        await page.Locator("#upload-folder").SetInputFilesAsync(folder["shoot"]);
        await Expect(panel.Locator(".soft")).ToContainTextAsync("3 pictures");
        await Expect(panel.Locator(".passed li")).ToHaveTextAsync(["empty.png: empty", "notes.txt: no picture by its ending"]);
        await watched.ShowAsync("upload");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).PushAsync();
        await Expect(panel.Locator(".soft")).ToHaveTextAsync($"3 pictures uploaded at {container}/new/.");
        await Expect(page.Locator("#field-input")).ToHaveValueAsync($"{container}/new/");
        await Expect(page.Locator(".places").GetByRole(AriaRole.Status)).ToHaveTextAsync("3 pictures.");
        var blobs = await fixture.Account.Container(container).ListAsync("", after: null, CancellationToken.None).Select(blob => blob.Name).ToArrayAsync();
        Assert.Equal(["new/day 1/scene.png", "new/day 2/scene.png", "new/day 3/scene.png"], blobs);

        folder.Write("shoot/day 2/scene.png", JobServers.Picture(7));
        await page.Locator("#upload-folder").SetInputFilesAsync(folder["shoot"]);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).PushAsync();
        await Expect(panel.Locator(".soft")).ToHaveTextAsync($"0 pictures uploaded, 2 were there already at {container}/new/; 1 picture refused.");
        await Expect(panel.Locator(".passed")).ToContainTextAsync("day 2/scene.png: " + container + " has another picture by the name new/day 2/scene.png");
    }

    [Fact]
    public async Task An_upload_that_is_stopped_or_loses_the_service_goes_on()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 12; i++)
            folder.Write($"shoot/{i:00}.png", JobServers.Picture(i % 8 + 1));
        var container = $"u{Guid.NewGuid():n}";
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await page.RouteAsync("**/places/*/held/*", async route =>
        {
            begun.TrySetResult();
            await go.Task;
            await route.AbortAsync();
        });
        await page.Locator("#field-input").FillAsync($"{container}/held");
        await page.GetByText("Upload a folder").PushAsync();
        var panel = page.Locator(".upload");
        await Expect(panel).ToContainTextAsync("Up to 2,000");
        await page.Locator("#upload-folder").SetInputFilesAsync(folder["shoot"]);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).PushAsync();
        await begun.Task;
        await panel.GetByRole(AriaRole.Button, new() { Name = "Stop" }).PushAsync();
        await Expect(panel.Locator(".soft")).ToHaveTextAsync("0 pictures uploaded, 12 left.");
        go.SetResult();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Go on" }).PushAsync();
        await Expect(panel.Locator(".soft")).ToContainTextAsync("does not answer");
        await Expect(panel.Locator(".soft")).ToContainTextAsync("12 left");
        await page.UnrouteAllAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Go on" }).PushAsync();
        await Expect(panel.Locator(".soft")).ToHaveTextAsync($"12 pictures uploaded at {container}/held/.");
        Assert.Equal(12, await fixture.Account.Container(container).ListAsync("held/", after: null, CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task What_a_job_takes_is_told_before_it_is_submitted()
    {
        var container = await fixture.ContainerAsync(4);
        await using var watched = await fixture.OpenAsync("#/new");
        var page = watched.Page;
        var pane = page.Locator(".estimate");
        await Expect(pane).ToContainTextAsync("Name the images, a model and a class");
        await page.Locator("#field-input").FillAsync($"{container}/set/");
        await page.GetByLabel("Model", new() { Exact = true }).FillAsync("demo/model");
        await page.Locator(".labels .name").First.FillAsync("grass");
        await Expect(pane.Locator("dt")).ToContainTextAsync(["Pictures", "Windows", "Workers"]);
        await Expect(pane.Locator("dd").First).ToHaveTextAsync("4");
        await Expect(pane).ToContainTextAsync("by the sizes of 4 pictures");
        await watched.ShowAsync("estimate");
        await page.Locator("#field-input").FillAsync($"{container}/nothing/");
        await Expect(pane).ToContainTextAsync("There are no images");
        await Expect(pane.Locator("dd")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Results_are_saved_as_a_file_in_a_format_of_choice()
    {
        var container = await fixture.ContainerAsync(2, ("set/broken.jpg", [1, 2, 3]));
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        var id = await JobTests.SubmitAsync(page, container, "To be saved");
        await JobTests.OpenJobAsync(page, id);
        var card = page.Locator(".downloads");
        await Expect(card).ToContainTextAsync("with labels.json and results.jsonl, which says what failed.");
        await card.GetByLabel("Format").SelectOptionAsync("coco-instances");
        await Expect(card).ToContainTextAsync("COCO instances: JSON of polygons and masks; with results.jsonl, which says what failed.");
        await watched.ShowAsync("downloads");
        var saved = await page.RunAndWaitForDownloadAsync(() => card.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal($"{id}-coco-instances.zip", saved.SuggestedFilename);
        using (var zip = ZipFile.OpenRead((await saved.PathAsync())!))
            Assert.Contains("annotations/instances_train.json", zip.Entries.Select(entry => entry.FullName));
        // What shows only as the file is made is told, too, in the words of the service.
        await card.GetByLabel("Images").SelectOptionAsync(new SelectOptionValue { Label = "Accepted" });
        await Expect(card).ToContainTextAsync("Only of images that are accepted.");
        await page.RouteAsync("**/download?*", route => route.FulfillAsync(new()
        {
            Status = route.Request.Url.EndsWith("/download?format=coco-instances&reviewed=accepted", StringComparison.Ordinal) ? 503 : 500,
            ContentType = "application/problem+json",
            Headers = [new("Retry-After", "30")],
            Body = """{"detail": "The temporary folder cannot be written: no space is left."}""",
        }));
        await card.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The temporary folder cannot be written: no space is left. Try again in 30 s.");
        await page.UnrouteAllAsync();
        await card.GetByLabel("Images").SelectOptionAsync("");
        // Refused before the browser begins to save what is no file.
        await fixture.Account.Container("sclip").DeleteAsync($"jobs/{id}/results/00000.jsonl", CancellationToken.None);
        await card.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        await Expect(card.GetByRole(AriaRole.Alert)).ToContainTextAsync("has no results yet");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_form_holds_its_width_and_stands_out(int width, ColorScheme scheme)
    {
        using var folder = new TemporaryFolder();
        folder.Write("shoot/a name that is rather long for a picture of a holiday by the sea, and goes on.png", JobServers.Picture(2));
        folder.Write("shoot/" + new string('n', 120) + ".txt", [1]);
        var container = await fixture.ContainerAsync(3, ([.. Enumerable.Range(0, 30).Select(i => ($"set/folder number {i}/a.png", JobServers.Picture(1)))]));
        await using var watched = await fixture.OpenAsync("#/new", width: width, scheme: scheme);
        var page = watched.Page;
        await page.Locator("#field-input").FillAsync($"{container}/set/");
        await page.GetByLabel("Model", new() { Exact = true }).FillAsync("demo/model");
        await page.Locator(".labels .name").First.FillAsync("grass");
        await page.GetByText("Upload a folder").PushAsync();
        await Expect(page.Locator(".upload")).ToContainTextAsync("Up to 2,000");
        await page.Locator("#upload-folder").SetInputFilesAsync(folder["shoot"]);
        await Expect(page.Locator(".estimate dd").First).ToHaveTextAsync("33");
        await JobTests.LoadedAsync(page.Locator(".samples img"));
        await watched.HoldsItsWidthAsync();
        await watched.StandsOutAsync();
        if (Environment.GetEnvironmentVariable("SCLIP_SCREENSHOTS") is { Length: > 0 } shots)
            await page.ScreenshotAsync(new() { Path = Path.Combine(shots, $"new-job-{width}-{scheme}.png"), FullPage = true });
    }
}
