using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>Home with many jobs: what is in sight, what is found, and what its address says.</summary>
public sealed partial class HomeTests(ManyJobsFixture many) : IClassFixture<ManyJobsFixture>
{
    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Only_rows_in_sight_are_in_the_document_and_the_page_stays_short(int width, int height, ColorScheme scheme)
    {
        await using var watched = await many.OpenAsync(width: width, height: height, scheme: scheme);
        var page = watched.Page;
        await FirstAsync(page, ManyJobs.Name(0));
        await Expect(page.Locator(".tile.reasons", new() { HasText = "Failed images" })).ToContainTextAsync(ManyJobs.Failure);
        await watched.ShowAsync($"home-{width}-{scheme}");
        await watched.HoldsItsWidthAsync();
        await watched.StandsOutAsync();
        Assert.InRange(await page.Locator(".job").CountAsync(), 5, 100);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollHeight"), height, 3000);
        await page.GetByRole(AriaRole.Button, new() { Name = "Last jobs" }).ClickAsync();
        await Expect(Row(page, ManyJobsFixture.Count - 1)).ToBeVisibleAsync();
        await Expect(page.Locator(".place")).ToContainTextAsync($"–{many.Total} of {many.Total}");
        Assert.InRange(await page.Locator(".job").CountAsync(), 5, 100);
        await page.Locator(".head-row input").ClickAsync();
        await Expect(page.Locator(".bulk")).ToContainTextAsync($"{many.Total} jobs selected");
        await page.Locator(".bulk button", new() { HasText = "Priority" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync($"Set the priority of {many.Total} jobs.");
        await watched.ShowAsync($"home-selected-{width}-{scheme}");
        await watched.StandsOutAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        await watched.HoldsItsWidthAsync();
        await watched.StandsOutAsync();
    }

    [Fact]
    public async Task What_is_searched_filtered_and_ordered_stands_in_the_address_and_comes_back_with_it()
    {
        await using var watched = await many.OpenAsync();
        var page = watched.Page;
        await FirstAsync(page, ManyJobs.Name(0));
        var search = page.GetByLabel("Find a job");
        await search.PressSequentiallyAsync(ManyJobs.RareClass.ToUpperInvariant());
        await Expect(page.Locator(".found")).ToHaveTextAsync("12 jobs match.");
        await Expect(page.Locator(".job")).ToHaveCountAsync(12);
        await page.GetByRole(AriaRole.Button, new() { Name = "Completed" }).ClickAsync();
        await Expect(page.Locator(".found")).ToHaveTextAsync("11 jobs match.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Job", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-sort=name]")).ToHaveAttributeAsync("aria-sort", "ascending");
        await FirstAsync(page, ManyJobs.Name(1003));
        var address = page.Url;
        Assert.EndsWith("#/?search=LIGHTHOUSE&state=completed&sort=name&descending=false", address, StringComparison.Ordinal);

        // Every letter of the search was no step of its own.
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Submitted" })).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(page.Locator(".found")).ToHaveTextAsync("11 jobs match.");
        await page.GoBackAsync();
        await Expect(page.Locator(".found")).ToHaveTextAsync("12 jobs match.");
        await page.GoBackAsync();
        await FirstAsync(page, ManyJobs.Name(0));
        await Expect(search).ToHaveValueAsync("");
        await page.GoForwardAsync();
        await Expect(search).ToHaveValueAsync("LIGHTHOUSE");

        // Another reader with the same address, and the same one after a reload.
        await using var other = await many.OpenAsync(new Uri(address).Fragment);
        await FirstAsync(other.Page, ManyJobs.Name(1003));
        await other.Page.ReloadAsync();
        await FirstAsync(other.Page, ManyJobs.Name(1003));
        await Expect(other.Page.GetByRole(AriaRole.Button, new() { Name = "Completed" })).ToHaveAttributeAsync("aria-pressed", "true");
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(other.Page.Locator(".place")).ToContainTextAsync($"of {many.Total}");
    }

    [Fact]
    public async Task Priorities_failures_and_days_leave_jobs_out()
    {
        await using var watched = await many.OpenAsync();
        var page = watched.Page;
        await FirstAsync(page, ManyJobs.Name(0));
        var found = page.Locator(".found");
        await Expect(page.GetByLabel("Failures")).ToHaveAttributeAsync("title", "With or without failures");
        await page.GetByLabel("Priority", new() { Exact = true }).SelectOptionAsync("urgent");
        await Expect(found).ToHaveTextAsync("24 jobs match.");
        await Expect(page.Locator(".job .priority").First).ToHaveTextAsync("urgent (7)");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await page.GetByLabel("Failures").SelectOptionAsync("some:true");
        await Expect(found).ToHaveTextAsync("118 jobs match.");
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Failed" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator(".job .failures-count").First).ToHaveTextAsync("21");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();

        // From the sum of all to the jobs behind it.
        await page.Locator(".reasons a", new() { HasText = ManyJobs.Failure }).ClickAsync();
        await Expect(found).ToHaveTextAsync("118 jobs match.");
        await Expect(page.GetByLabel("Failures")).ToHaveValueAsync($"kind:{ManyJobs.Failure}");
        await page.Locator(".brand").ClickAsync();
        await Expect(found).ToHaveTextAsync("");

        var day = DateTime.Now.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await page.GetByLabel("Submitted").SelectOptionAsync("range");
        await page.GetByLabel("From").FillAsync(day);
        await Expect(page.Locator(".nothing", new() { HasText = "No job matches." })).ToBeVisibleAsync();
        Assert.EndsWith($"#/?since={day}", page.Url, StringComparison.Ordinal);
        await page.GetByLabel("Submitted").SelectOptionAsync("week");
        await Expect(found).ToHaveTextAsync($"{many.Total} jobs match.");
    }

    [Fact]
    public async Task Rows_stay_selected_focused_and_in_their_place_while_jobs_come()
    {
        await using var watched = await many.OpenAsync("#/?row=600");
        var page = watched.Page;
        await Expect(Row(page, 600)).ToBeVisibleAsync();
        await Row(page, 604).GetByRole(AriaRole.Checkbox).ClickAsync();
        await Row(page, 608).GetByRole(AriaRole.Checkbox).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Locator(".bulk strong")).ToHaveTextAsync("5 jobs selected");
        await Expect(Row(page, 608)).ToBeFocusedAsync();
        var before = await PlaceAsync();
        await many.AddAsync(TestContext.Current.CancellationToken);
        await Expect(page.Locator(".place")).ToContainTextAsync($"of {many.Total}");
        await Expect(page.Locator(".job[aria-selected=true]")).ToHaveCountAsync(5);
        await Expect(Row(page, 608)).ToBeFocusedAsync();
        Assert.Equal(before, await PlaceAsync(), 1.0);
        // The place is kept in the address, so that who comes back from a job finds it again.
        await Row(page, 606).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(ManyJobs.Name(606));
        await page.GoBackAsync();
        await Expect(Row(page, 606)).ToBeVisibleAsync();

        // In the table, which goes down where a sum above it needs another line; found and measured at once, since rows are made anew.
        Task<double> PlaceAsync() => page.EvaluateAsync<double>(
            "link => document.querySelector(`.job:has(a[href='${link}'])`).getBoundingClientRect().top - document.querySelector('.table').getBoundingClientRect().top", $"#/jobs/{ManyJobs.Id(608)}");
    }

    [Fact]
    public async Task Keys_go_through_rows_select_them_and_open_one()
    {
        await using var watched = await many.OpenAsync("#/?state=completed");
        var page = watched.Page;
        await Expect(page.Locator(".job .name").First).ToBeVisibleAsync();
        await page.GetByLabel("Find a job").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator(".job").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator(".bulk strong")).ToHaveTextAsync("1 job selected");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(page.Locator(".bulk strong")).ToHaveTextAsync("3 jobs selected");
        await page.Keyboard.PressAsync("End");
        var last = page.Locator(".job:focus");
        await Expect(last.Locator(".name")).ToHaveTextAsync(ManyJobs.Name(ManyJobsFixture.Count - 1));
        await page.Keyboard.PressAsync("PageUp");
        await Expect(last.Locator(".name")).Not.ToHaveTextAsync(ManyJobs.Name(ManyJobsFixture.Count - 1));
        // The rows are one stop of the tab key.
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal(0, await page.Locator(".job:focus, .job :focus").CountAsync());
        await page.Keyboard.PressAsync("Shift+Tab");
        var name = await last.Locator(".name").TextContentAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync(name!);
    }

    [Fact]
    public async Task The_last_row_is_the_last_of_all_though_jobs_are_still_being_read()
    {
        await using var watched = await many.OpenAsync("#/new");
        var page = watched.Page;
        var isReading = true;
        var rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/fleet/jobs?*", async route =>
        {
            // The rows at the end, where they come into sight, come late.
            if (!isReading && LastRows().IsMatch(route.Request.Url))
                await rest.Task;
            var answer = await route.FetchAsync();
            var body = (await answer.JsonAsync<JsonObject>())!;
            if (isReading)
                (body["total"], body["complete"], body["jobs"]) = (40, false, new JsonArray([.. body["jobs"]!.AsArray().Take(40).Select(job => job!.DeepClone())]));
            await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
        });
        await page.GotoAsync($"{watched.Address}/#/");
        await FirstAsync(page, ManyJobs.Name(0));
        await page.GetByLabel("Find a job").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("End");
        await Expect(page.Locator(".job:focus")).ToHaveAttributeAsync("aria-rowindex", "41");
        isReading = false;
        // The overview tells of it, after which the list is asked for.
        await many.AddAsync(TestContext.Current.CancellationToken);
        await Expect(page.Locator("[role=row]:focus")).Not.ToHaveAttributeAsync("aria-rowindex", "41");
        // One more job comes before the last row is there.
        await many.AddAsync(TestContext.Current.CancellationToken);
        await Expect(page.Locator(".job:focus .name")).ToHaveTextAsync(ManyJobs.Name(ManyJobsFixture.Count - 1));
        rest.SetResult();
        await Expect(page.Locator(".place")).ToContainTextAsync($"–{many.Total} of {many.Total}");
        await page.UnrouteAllAsync();
    }

    [Fact]
    public async Task Jobs_are_cancelled_together_and_those_that_cannot_be_are_named()
    {
        await using var watched = await many.OpenAsync("#/?sort=state&descending=false");
        var page = watched.Page;
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Waiting" })).ToContainTextAsync("1");
        // One that waits, whose name would be a script, and one that has ended.
        await page.GotoAsync($"{watched.Address}/#/?search={ManyJobs.Id(ManyJobs.Hostile)}");
        await Row(page, ManyJobs.Hostile).GetByRole(AriaRole.Checkbox).ClickAsync();
        await page.GetByLabel("Find a job").FillAsync(ManyJobs.Id(1199));
        await Row(page, 1199).GetByRole(AriaRole.Checkbox).ClickAsync();
        await page.Locator(".bulk button", new() { HasText = "Cancel" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Cancel 2 jobs?");
        await Expect(dialog).ToContainTextAsync("1 of them has ended already.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel jobs" }).ClickAsync();
        var outcome = page.Locator(".outcome");
        await Expect(outcome).ToContainTextAsync("1 job cancelled. 1 job refused, still selected:");
        await Expect(outcome.Locator("li")).ToContainTextAsync(ManyJobs.Name(1199));
        await Expect(page.Locator(".bulk strong")).ToHaveTextAsync("1 job selected");
        await watched.ShowAsync("home-outcome");
        await watched.StandsOutAsync();
        await page.GetByLabel("Find a job").FillAsync(ManyJobs.Id(ManyJobs.Hostile));
        await Expect(Row(page, ManyJobs.Hostile).Locator(".chip")).ToHaveTextAsync("cancelled");
        await Expect(Row(page, ManyJobs.Hostile).Locator(".name")).ToHaveTextAsync(DashboardFixture.Hostile);
        Assert.Equal(0, await page.Locator("img[src=x], main script, .reasons i").CountAsync());
    }

    [Fact]
    public async Task An_address_that_asks_for_what_there_is_not_is_said_to_and_can_be_cleared()
    {
        await using var watched = await many.OpenAsync("#/?state=lost&search=harbour");
        var page = watched.Page;
        await Expect(page.Locator(".problem:visible")).ToContainTextAsync("lost");
        await watched.ShowAsync("home-refused");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear filters" }).ClickAsync();
        await FirstAsync(page, ManyJobs.Name(0));
        await Expect(page.Locator(".problem:visible")).ToHaveCountAsync(0);
        await page.GotoAsync($"{watched.Address}/#/?search=%3Cimg%20src%3Dx%3E%27%25_%22");
        await Expect(page.Locator(".nothing", new() { HasText = "No job matches." })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Find a job")).ToHaveValueAsync("<img src=x>'%_\"");
    }

    [Fact]
    public async Task What_a_page_writes_into_the_address_undoes_no_way_to_another_page()
    {
        await using var watched = await many.OpenAsync();
        await FirstAsync(watched.Page, ManyJobs.Name(0));
        // A place in the table is written a moment after a scroll: here in the moment between a click on a link and the change of pages.
        var addresses = await watched.Page.EvaluateAsync<string[]>($$"""
            async () => {
              const { writeAddress } = await import('./address.js');
              writeAddress('#/?row=40');
              const own = location.hash;
              location.hash = '#/jobs/{{ManyJobs.Id(3)}}';
              writeAddress('#/?row=50');
              return [own, location.hash];
            }
            """);
        Assert.Equal(["#/?row=40", $"#/jobs/{ManyJobs.Id(3)}"], addresses);
        await Expect(watched.Page.Locator("h1")).ToHaveTextAsync(ManyJobs.Name(3));
    }

    [Fact]
    public async Task A_page_whose_files_do_not_come_is_opened_once_they_do_unless_one_has_gone_on()
    {
        await using var watched = await many.OpenAsync("icon.svg");
        var (page, aborted) = (watched.Page, new SemaphoreSlim(0));
        await page.RouteAsync("**/other-pages.js", async route =>
        {
            await route.AbortAsync();
            aborted.Release();
        });
        await page.GotoAsync($"{watched.Address}/");
        await FirstAsync(page, ManyJobs.Name(0));
        await Row(page, 2).GetByRole(AriaRole.Link).ClickAsync();
        Assert.True(await aborted.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken));
        await Expect(Row(page, 2)).ToBeVisibleAsync();
        await page.Locator(".brand").ClickAsync();
        await Row(page, 3).GetByRole(AriaRole.Link).ClickAsync();
        await page.UnrouteAsync("**/other-pages.js");
        await Expect(page.Locator("h1")).ToHaveTextAsync(ManyJobs.Name(3));
    }

    private static ILocator Row(IPage page, int place) => page.Locator($".job:has(a[href='#/jobs/{ManyJobs.Id(place)}'])");

    private static Task FirstAsync(IPage page, string name) => Expect(page.Locator(".job .name").First).ToHaveTextAsync(name);

    [GeneratedRegex("offset=1[12]00&limit=100$")]
    private static partial Regex LastRows();
}
