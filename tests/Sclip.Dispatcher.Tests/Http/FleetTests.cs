using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Messages;
using Sclip.Dispatcher.Tests.Board;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>All jobs and workers over HTTP.</summary>
public sealed class FleetTests(JobFixture fixture)
{
    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task A_job_is_found_by_what_it_is_called_and_of_what_it_is()
    {
        var container = await fixture.ContainerAsync(2, ("set/broken.jpg", [1, 2, 3]));
        var request = JobFixture.Request($"{container}/set/");
        var mark = $"{Guid.NewGuid():n}";
        (request["name"], request["labels"]) = ($"Größe {mark}", new JsonArray("grass", $"Übergang {mark}"));
        var id = await fixture.CompleteAsync(request);
        foreach (var search in new[] { $"GRÖSSE {mark}"[6..], id[..^1], container, $"übergang {mark}", mark.ToUpperInvariant() })
        {
            var job = Assert.Single((await FindAsync($"?search={Uri.EscapeDataString(search)}")).Jobs);
            Assert.Equal((id, JobState.Completed, 2, 1), (job.Status.Id, job.Status.State, job.Status.Labelled, job.Status.Failed));
        }
        Assert.Contains((await FindAsync("?search=demo/model")).Jobs, job => job.Status.Id == id);
        Assert.Equal(0, (await FindAsync($"?search={mark}%25")).Total);
        Assert.Equal(1, (await FindAsync($"?search={mark}&state=completed,running&failures=true&priority=normal&since=2020-01-01&until=2100-01-01T00:00:00Z")).Total);
        foreach (var other in new[] { "state=waiting", "failures=false", "priority=urgent", "since=2100-01-01", "until=2020-01-01", "failure=of%20another%20kind" })
            Assert.Equal(0, (await FindAsync($"?search={mark}&{other}")).Total);

        var status = JsonSerializer.Deserialize(await Client.GetStringAsync($"/jobs/{id}"), Json.Default.JobStatus)!;
        var reason = Assert.Single(status.Failures).Key;
        Assert.Equal(1, (await FindAsync($"?search={mark}&failure={Uri.EscapeDataString(reason)}")).Total);
        Assert.True(status.WorkerSeconds > 0);
    }

    [Fact]
    public async Task The_sums_are_of_all_jobs_and_workers()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request(await fixture.ContainerAsync(2, ("x.jpg", [1, 2, 3]))));
        var overview = await OverviewStream.UntilAsync(fixture.Client, "all is summed up", overview => overview.Fleet is { Complete: true, Workers: 1 } && overview.Jobs.Any(job => job.Status.Id == id));
        // A worker that is kept from reporting for 20 seconds is gone meanwhile.
        var fleet = await Look.UntilAsync("the worker is counted", async token => JsonSerializer.Deserialize(await Client.GetStringAsync("/fleet", token), Json.Default.FleetSummary)!, fleet => fleet.WorkersReady == 1);
        Assert.True(fleet.Indexed >= overview.Fleet!.Indexed && fleet.Jobs.Completed >= 1 && fleet.ImagesDone >= 2 && fleet.ImagesFailed >= 1 && fleet.WorkerSeconds > 0, fleet.ToString());
        Assert.Contains(fleet.Failures, failure => failure.Images >= failure.Jobs && failure.Jobs >= 1);
        Assert.Equal((null, null), (fleet.Cost, fleet.PricePerWorkerHour));
    }

    [Fact]
    public async Task A_worker_tells_of_its_memory_and_its_last_shards()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request(await fixture.ContainerAsync(1)));
        var name = (await OverviewStream.UntilAsync(fixture.Client, "a worker has reported", overview => overview.Workers.Count > 0)).Workers[0].Name;
        var worker = await Look.UntilAsync(
            "the worker is there", async token => JsonSerializer.Deserialize(await Client.GetStringAsync($"/fleet/workers/{Uri.EscapeDataString(name)}", token), Json.Default.WorkerDetail)!, detail => !detail.Worker.Gone);
        Assert.Equal(name, worker.Worker.Name);
        Assert.True(worker.MemoryBytes > 10 << 20);
        Assert.NotEmpty(worker.History);
        Assert.Contains(JsonSerializer.Deserialize(await Client.GetStringAsync("/fleet/workers"), Json.Default.WorkerStateArray)!, other => other.Name == name);
        using var unknown = await Client.GetAsync("/fleet/workers/nobody");
        Assert.Contains("No worker 'nobody'", await JobFixture.ProblemAsync(unknown, HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.NotEqual("", id);
    }

    [Fact]
    public async Task What_failed_at_a_worker_is_told_in_the_words_of_its_report()
    {
        var (name, time) = ($"ill-{Guid.NewGuid():n}", DateTimeOffset.UtcNow);
        WorkerError[] errors = [new(time, "job-2", 7, "The disk is full."), new(time.AddSeconds(-5), "job-1", 0, "The store \"a\" <does not answer>.")];
        // It ends, so that it is not counted among the workers that are there.
        await fixture.Bus.Publish(new WorkerReport { Worker = name, Started = time, Version = "1.0.0", Phase = WorkerPhase.Stopping, Shards = [], Images = 3, Windows = 12, Models = [], Errors = errors });
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        while (true)
        {
            using var answer = await Client.GetAsync($"/fleet/workers/{name}", limit.Token);
            if (answer.IsSuccessStatusCode)
            {
                var worker = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(limit.Token), Json.Default.WorkerDetail)!;
                Assert.Equal((errors[0], errors[1], 2), (worker.Errors[0], worker.Errors[1], worker.Errors.Count));
                return;
            }
            await Task.Delay(50, limit.Token);
        }
    }

    [Theory]
    [InlineData("limit=0", "limit must lie in 1..500; it is 0.")]
    [InlineData("limit=501", "limit must lie in 1..500; it is 501.")]
    [InlineData("offset=-1", "offset must not be negative; it is -1.")]
    [InlineData("state=done", "state must be of planning, waiting, running, completed, cancelled, failed; it is 'done'.")]
    [InlineData("sort=size", "sort must be of created, name, state, progress, failed, images, priority, completed; it is 'size'.")]
    [InlineData("priority=5", "priority must be urgent or normal; it is '5'.")]
    [InlineData("since=yesterday", "since must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z; it is 'yesterday'.")]
    [InlineData("failures=perhaps", "failures must be true or false; it is 'perhaps'.")]
    [InlineData("order=name", "There is no 'order' to ask for at /fleet/jobs")]
    public async Task What_a_list_cannot_be_asked_for_is_refused_with_what_it_can(string query, string problem)
    {
        using var answer = await Client.GetAsync($"/fleet/jobs?{query}");
        Assert.StartsWith(problem, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'; DROP TABLE jobs; --")]
    [InlineData("\" OR 1=1 OR \"")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("*")]
    [InlineData("a\0b")]
    [InlineData("\uD83D\uDE00 NEAR(")]
    public async Task A_search_is_a_text_whatever_is_in_it(string search)
    {
        var id = await fixture.SharedJobAsync();
        Assert.Equal(0, (await FindAsync($"?search={Uri.EscapeDataString(search)}")).Total);
        Assert.Equal(1, (await FindAsync($"?search={id}")).Total);
    }

    [Fact]
    public async Task Several_jobs_are_cancelled_and_retried_at_once_and_each_says_what_became_of_it()
    {
        var done = await fixture.SharedJobAsync();
        var open = await fixture.WrittenJobAsync(2, _ => [], drafts: 2);
        var outcomes = await ActAsync("cancel", new JsonObject { ["ids"] = new JsonArray(done, open, "nobody", "No Id") });
        Assert.Equal([(done, false), (open, true), ("nobody", false), ("No Id", false)], outcomes.Select(outcome => (outcome.Id, outcome.Ok)));
        Assert.Equal((JobState.Cancelled, null), (outcomes[1].Status?.State, outcomes[1].Problem));
        Assert.Contains("is complete; there is nothing to cancel", outcomes[0].Problem, StringComparison.Ordinal);
        Assert.Equal("There is no job nobody.", outcomes[2].Problem);
        Assert.Equal(JobState.Cancelled, Assert.Single((await FindAsync($"?search={open}")).Jobs).Status.State);
        outcomes = await ActAsync("retry", new JsonObject { ["ids"] = new JsonArray(open), ["failed"] = true });
        Assert.NotEqual(JobState.Cancelled, Assert.Single(outcomes).Status!.State);
        Assert.NotEqual(JobState.Cancelled, Assert.Single((await FindAsync($"?search={open}")).Jobs).Status.State);
        await ActAsync("cancel", new JsonObject { ["ids"] = new JsonArray(open) });
    }

    [Theory]
    [InlineData("cancel", """{"ids":[]}""", "ids must be 1 to 500 jobs; there are 0.")]
    [InlineData("cancel", """{"ids":["a","a"]}""", "ids names 'a' more than once.")]
    [InlineData("cancel", """{}""", "'ids' is missing")]
    [InlineData("cancel", """{"ids":["a"],"priority":3}""", "$.priority is unknown")]
    [InlineData("priority", """{"ids":["a"]}""", "'priority' is missing")]
    [InlineData("retry", """{"ids":["a"],"failed":"yes"}""", "$.failed must be true or false")]
    public async Task What_cannot_be_asked_for_several_jobs_is_refused(string action, string body, string problem)
    {
        using var answer = await Client.PostAsync($"/fleet/jobs/{action}", new StringContent(body, null, "application/json"));
        Assert.Contains(problem, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_hold_each_job_once_in_the_order_that_is_asked_for()
    {
        var container = await fixture.ContainerAsync(1);
        foreach (var name in (string[])["b", "A", "c"])
        {
            var request = JobFixture.Request(container);
            (request["name"], request["new"]) = (name, true);
            await fixture.CompleteAsync(request);
        }
        Assert.Equal(["A", "b", "c"], await NamesAsync("sort=name"));
        Assert.Equal(["c", "b", "A"], await NamesAsync("sort=name&descending=true"));
        Assert.Equal(["c", "A", "b"], await NamesAsync("sort=created"));
        Assert.Equal(["c", "A", "b"], await NamesAsync("sort=completed&descending=true"));
        var second = await FindAsync($"?search={container}&sort=name&offset=1&limit=1");
        Assert.Equal(("b", 3, 1), (Assert.Single(second.Jobs).Status.Name, second.Total, second.Offset));
        Assert.Empty((await FindAsync($"?search={container}&offset=3")).Jobs);

        async Task<string?[]> NamesAsync(string order) => [.. (await FindAsync($"?search={container}&{order}")).Jobs.Select(job => job.Status.Name)];
    }

    private async Task<JobPage> FindAsync(string query)
    {
        using var answer = await Client.GetAsync($"/fleet/jobs{query}");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize(text, Json.Default.JobPage)!;
    }

    private async Task<JobOutcome[]> ActAsync(string action, JsonObject body)
    {
        using var answer = await Client.PostAsJsonAsync($"/fleet/jobs/{action}", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize(text, Json.Default.JobOutcomeArray)!;
    }
}
