using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Catalog;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>Two dispatchers side by side, without a worker: what one is told is what both tell.</summary>
public sealed class TwoDispatchersTests(TwoDispatchers two) : IClassFixture<TwoDispatchers>
{
    [Fact]
    public async Task Both_tell_the_same_of_jobs_that_come_end_go_on_and_change_their_priority()
    {
        var id = await two.SubmitAsync(priority: 0);
        await two.AgreeAsync(id, "the job waits", page => page.Jobs is [{ Status: { State: JobState.Waiting, Images: TwoDispatchers.Shards }, Priority: 0 }]);
        await two.PostAsync(1, $"/jobs/{id}/priority", new JsonObject { ["priority"] = 8 });
        await two.AgreeAsync(id, "it passes others", page => page.Jobs is [{ Priority: 8 }], "&priority=urgent");
        await two.PostAsync(0, $"/jobs/{id}/cancel", null);
        await two.AgreeAsync(id, "it is cancelled", page => page.Jobs is [{ Status.State: JobState.Cancelled }], "&state=cancelled");
        await two.PostAsync(1, $"/jobs/{id}/retry", null);
        await two.AgreeAsync(id, "it goes on", page => page.Jobs is [{ Status.State: JobState.Waiting, Priority: 8 }], "&state=waiting");
        // What no dispatcher is told: results that were written, and the document of another job.
        var job = (await two.Jobs.ReadJobAsync(id, default))!;
        for (var shard = 0; shard < TwoDispatchers.Shards; shard++)
            await two.Jobs.CommitResultAsync(id, shard, [new ImageResult { Image = $"{shard + 1}.png", Status = ImageStatus.Ok, Timings = new(0, 0, 7_200_000, 0, 0) }], default);
        await new JobCompletion(two.Jobs).TryCompleteAsync(job, default);
        await two.AgreeAsync(id, "it is complete", page => page.Jobs is [{ Status: { State: JobState.Completed, WorkerSeconds: 21_600 } }]);
        var sums = await Task.WhenAll(two.Clients.Select(async client => JsonSerializer.Deserialize(await client.GetStringAsync("/fleet"), Json.Default.FleetSummary)!));
        Assert.All(sums, sum => Assert.Equal((sums[0].ImagesDone, 21_600.0, 1.50m, true), (sum.ImagesDone, sum.WorkerSeconds, sum.Cost, sum.Complete)));
    }

    [Fact]
    public async Task What_is_done_by_one_has_the_other_look_at_the_job_also_where_it_has_ended_and_ends_the_same()
    {
        var id = await two.SubmitAsync(priority: 0);
        await two.PostAsync(0, $"/jobs/{id}/cancel", null);
        await two.AgreeAsync(id, "it is cancelled", page => page.Jobs is [{ Status: { State: JobState.Cancelled, Labelled: 0 } }]);
        // Of a job that has ended, and in the same way, nobody looks for more by himself.
        await two.Jobs.CommitResultAsync(id, 0, [new ImageResult { Image = "1.png", Status = ImageStatus.Ok }], default);
        await two.PostAsync(0, $"/jobs/{id}/cancel", null);
        await two.AgreeAsync(id, "its result is counted", page => page.Jobs is [{ Status: { State: JobState.Cancelled, Labelled: 1 } }]);
    }

    [Fact]
    public async Task Where_one_cannot_keep_its_list_it_says_why_the_other_goes_on_and_so_does_this_one_once_it_can()
    {
        var (catalog, client) = (two.Services(1).GetRequiredService<JobCatalog>(), two.Clients[1]);
        catalog.Use(connection => connection.Rows("CREATE TRIGGER full BEFORE INSERT ON documents BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END", row => 0));
        var id = await two.SubmitAsync(priority: 0);
        using (var job = await client.GetAsync($"/jobs/{id}"))
            Assert.Equal(HttpStatusCode.OK, job.StatusCode);
        foreach (var path in (string[])["/fleet/jobs", "/fleet"])
            using (var refused = await client.GetAsync(path))
                Assert.Contains("'database or disk is full'. Look whether its folder may be written and its disk has room", await JobFixture.ProblemAsync(refused, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        await Look.UntilAsync("the overview says why", async token => JsonSerializer.Deserialize(await client.GetStringAsync("/overview", token), Json.Default.Overview)!, overview => overview.Store?.Contains("disk is full", StringComparison.Ordinal) == true);
        catalog.Use(connection => connection.Rows("DROP TRIGGER full", row => 0));
        await two.AgreeAsync(id, "both list it", page => page.Jobs is [{ Status.State: JobState.Waiting }]);
    }

    [Fact]
    public async Task A_priority_that_cannot_be_is_refused()
    {
        var id = await two.SubmitAsync(priority: 0);
        using var outside = await two.Clients[0].PostAsJsonAsync($"/jobs/{id}/priority", new JsonObject { ["priority"] = 10 });
        Assert.Equal("The priority must lie in 0..9; it is 10.", await JobFixture.ProblemAsync(outside, HttpStatusCode.BadRequest));
        await two.PostAsync(0, $"/jobs/{id}/cancel", null);
        using var ended = await two.Clients[1].PostAsJsonAsync($"/jobs/{id}/priority", new JsonObject { ["priority"] = 5 });
        Assert.Equal($"Job {id} has ended (cancelled). Retry it first, then change its priority.", await JobFixture.ProblemAsync(ended, HttpStatusCode.Conflict));
        using var unknown = await two.Clients[0].PostAsJsonAsync("/jobs/nobody/priority", new JsonObject { ["priority"] = 5 });
        await JobFixture.ProblemAsync(unknown, HttpStatusCode.NotFound);
    }
}
