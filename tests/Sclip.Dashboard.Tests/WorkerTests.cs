using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sclip.Contracts.Board;
using Sclip.Contracts.Messages;
using static Microsoft.Playwright.Assertions;

namespace Sclip.Dashboard.Tests;

/// <summary>The page of a worker.</summary>
public sealed class WorkerTests(DashboardFixture fixture)
{
    [Theory]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    public async Task A_worker_tells_what_it_is_and_what_it_has_in_work(int width, int height, ColorScheme scheme)
    {
        await using var watched = await fixture.OpenAsync("", width, height, scheme);
        var page = watched.Page;
        // Of large shards: a line of the worker's list stays while it is clicked.
        await using var job = await LongJob.SubmitAsync(fixture, page, $"At a worker {width}", shardSize: 100);
        var id = job.Id;
        var worker = page.Locator(".worker", new() { Has = page.Locator(".work a", new() { HasText = id }) });
        await worker.Locator(".name").ClickAsync();
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("busy");
        await Expect(page.Locator("dl.facts")).ToContainTextAsync("cpu");
        await Expect(page.Locator("dl.facts div", new() { HasText = "Memory" })).ToContainTextAsync("MB");
        await Expect(page.Locator(".lines a", new() { HasText = id }).First).ToBeVisibleAsync();
        await watched.ShowAsync($"worker-{width}");
        await watched.HoldsItsWidthAsync();
        await watched.StandsOutAsync();
        var name = await page.Locator("h1").TextContentAsync();
        await page.Locator(".lines a", new() { HasText = id }).First.ClickAsync();
        await Expect(page.Locator(".job-page .id")).ToHaveTextAsync(id);
        await JobTests.CancelAsync(page, id);
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("cancelled");
        await page.GoBackAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(name!);
    }

    [Fact]
    public async Task A_worker_that_is_gone_is_told_so_with_its_errors_and_its_texts_stay_texts()
    {
        var bus = fixture.Services.GetRequiredService<IBus>();
        var report = new WorkerReport
        {
            Worker = DashboardFixture.Hostile.Replace("/", "", StringComparison.Ordinal),
            Started = DateTimeOffset.UtcNow.AddHours(-3),
            Version = "0.0.9",
            Phase = WorkerPhase.Ready,
            Shards = [new ShardInWork { Job = "long-ago", Shard = 7, Since = DateTimeOffset.UtcNow.AddMinutes(-2) }],
            Images = 1234,
            Windows = 5678,
            Models = ["demo/model"],
            Waits = ["Jobs wait for the model <b>far/away</b>."],
            Errors = [new WorkerError(DateTimeOffset.UtcNow.AddMinutes(-1), "long-ago", 6, DashboardFixture.Hostile)],
        };
        await using var watched = await fixture.OpenAsync();
        var page = watched.Page;
        await WhileReportingAsync(bus, report, async () =>
        {
            await page.Locator(".worker .name", new() { HasText = report.Worker }).ClickAsync();
            await Expect(page.Locator("h1")).ToHaveTextAsync(report.Worker);
            await Expect(page.Locator(".why-text")).ToHaveTextAsync(DashboardFixture.Hostile);
            await Expect(page.Locator(".problem:visible")).ToHaveTextAsync(report.Waits[0]);
            await watched.ShowAsync("worker-waits");
        });
        await bus.Publish(report with { Phase = WorkerPhase.Stopping, Shards = [] }, TestContext.Current.CancellationToken);
        await Expect(page.Locator(".head .chip")).ToHaveTextAsync("gone");
        await Expect(page.Locator(".gone-note")).ToContainTextAsync("This worker is gone");
        await watched.ShowAsync("worker-gone");
        await watched.StandsOutAsync();
        Assert.Equal(0, await page.Locator("img[src=x], main script").CountAsync());
        await page.GotoAsync($"{watched.Address}/#/workers/no-such-worker");
        await Expect(page.Locator(".problem:visible")).ToContainTextAsync("no-such-worker");
    }

    /// <summary>Does something while a worker reports again and again, as one does: one that is silent for 20 seconds is gone, and a slow machine needs longer to open a page.</summary>
    private static async Task WhileReportingAsync(IBus bus, WorkerReport report, Func<Task> action)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reports = ReportAsync();
        try
        {
            await action();
        }
        finally
        {
            await end.CancelAsync();
            await reports;
        }

        async Task ReportAsync()
        {
            while (!end.IsCancellationRequested)
            {
                await bus.Publish(report, CancellationToken.None);
                await Task.Delay(TimeSpan.FromSeconds(2), end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
