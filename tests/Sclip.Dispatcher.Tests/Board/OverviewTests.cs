using System.Net.Http.Json;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Telemetry;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>The overview of real jobs on a real worker.</summary>
public sealed class OverviewTests(JobFixture fixture)
{
    [Fact]
    public async Task A_job_is_seen_from_its_submit_over_the_worker_that_has_it_to_its_end()
    {
        // It is at work for seconds, since a worker tells of it only every second, and so does the overview.
        const int Images = 144;
        var container = await fixture.ContainerAsync(Images);
        var request = JobFixture.Request($"{container}/set/");
        request["shard_size"] = Images;
        request["settings"] = new System.Text.Json.Nodes.JsonObject { ["method"] = "naclip" };
        var id = await fixture.SubmitAsync(request);
        var working = await OverviewStream.UntilAsync(fixture.Client, "the worker has the shard", overview => overview.Workers.Any(worker => worker.Shards.Any(shard => shard.Job == id)));
        var worker = Assert.Single(working.Workers);
        Assert.Equal((WorkerPhase.Ready, null, SclipTelemetry.Version), (worker.State, worker.Reason, worker.Version));
        Assert.Equal(0, worker.Shards.First(shard => shard.Job == id).Shard);

        var ended = await OverviewStream.UntilAsync(fixture.Client, "the job is complete and the worker free", overview =>
            JobOf(overview, id)?.Status.State == JobState.Completed && overview.Workers is [{ Images: >= Images } only] && only.Shards.All(shard => shard.Job != id));
        var job = JobOf(ended, id)!;
        Assert.Equal((Images, "demo/model", "naclip", 0, 3, $"{container}/set/"), (job.Status.Labelled, job.Model, job.Method, job.Priority, job.Classes, job.Input));
        Assert.Equal((null, null, null), (job.ImagesPerSecond, job.SecondsLeft, job.IdleSeconds));
        Assert.Equal(["demo/model"], ended.Workers[0].Models.Where(model => model == "demo/model"));
        Assert.True(ended.Workers[0].Windows > Images);
    }

    [Fact]
    public async Task Queues_are_counted_and_one_that_is_not_there_is_empty()
    {
        var overview = await OverviewStream.UntilAsync(fixture.Client, "queues are known", overview => overview.Queues.Any(queue => queue is { Name: "segment-shard", Workers: 1 }));
        Assert.Null(overview.Broker);
        Assert.Equal(
            ["segment-shard", "segment-shard-urgent", "segment-shard_later_60s", "segment-shard-urgent_later_60s", "segment-shard_error", "segment-shard-urgent_error"],
            overview.Queues.Select(queue => queue.Name));
    }

    [Fact]
    public async Task One_answer_is_the_same_overview()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request(await fixture.ContainerAsync(1)));
        var overview = JsonSerializer.Deserialize(await fixture.Client.GetStringAsync("/overview"), Json.Default.Overview)!;
        Assert.Equal(JobState.Completed, JobOf(overview, id)!.Status.State);
        Assert.Equal(overview.Jobs.Select(job => job.Status.Created).OrderDescending(), overview.Jobs.Select(job => job.Status.Created));
        Assert.True(overview.JobsTotal >= 1);
        Assert.Null(overview.Store);
    }

    [Fact]
    public async Task A_preview_is_in_no_overview()
    {
        using var answer = await fixture.Client.PostAsJsonAsync("/previews", JobFixture.Request(await fixture.ContainerAsync(1)));
        var preview = (await JobFixture.ReadAsync(answer))["id"]!.GetValue<string>();
        await fixture.FollowAsync(preview);
        var id = await fixture.CompleteAsync(JobFixture.Request(await fixture.ContainerAsync(1)));
        var overview = await OverviewStream.UntilAsync(fixture.Client, "the job is there", overview => JobOf(overview, id) is not null);
        Assert.Null(JobOf(overview, preview));
    }

    [Fact]
    public async Task Reports_of_workers_are_in_no_trace()
    {
        var id = await fixture.CompleteAsync(JobFixture.Request(await fixture.ContainerAsync(1)));
        await OverviewStream.UntilAsync(fixture.Client, "a worker has reported", overview => overview.Workers.Count > 0);
        // What is sent after a report tells that the report is not still on its way.
        await fixture.Servers.Otlp.WaitAsync(receiver => receiver.Spans.Any(span => span.Name.EndsWith("JobCompleted send", StringComparison.Ordinal)));
        Assert.DoesNotContain(fixture.Servers.Otlp.Spans, span => span.Name.Contains("WorkerReport", StringComparison.Ordinal) || span.Name.Contains("JobChanged", StringComparison.Ordinal));
        Assert.DoesNotContain(fixture.Servers.Otlp.Spans, span => span.Source == "MassTransit" && span.ParentId == "");
    }

    private static JobProgress? JobOf(Overview overview, string id) => overview.Jobs.FirstOrDefault(job => job.Status.Id == id);
}
