using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;
using Sclip.Hosting.Health;
using Sclip.Hosting.Telemetry;

namespace Sclip.Dispatcher.Tests.Telemetry;

/// <summary>What a dispatcher shows of jobs, which come and go while it runs for months.</summary>
[Collection(typeof(Alone))]
public sealed class JobGaugeTests
{
    [Fact]
    public async Task Every_open_job_has_its_gauges_however_many_jobs_there_were_before_and_an_ended_one_has_none()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddSclipTelemetry(builder.Configuration, "sclip-test");
        await using var host = builder.Build();
        host.MapSclipDefaults();
        await host.StartAsync();
        using var client = new HttpClient { BaseAddress = new(host.Urls.First()) };
        string[] open = [];
        using var metrics = new BoardMetrics(() => View(open));
        // Three series a job in one of them: several times the 2,000 that a metric has places for.
        for (var i = 0; i < 60; i++)
        {
            open = [.. Enumerable.Range(0, 50).Select(j => $"gauge-{i}-{j}")];
            metrics.Follow();
            var page = await client.GetStringAsync("/metrics");
            foreach (var name in new[] { "sclip_job_images", "sclip_job_idle_seconds", "sclip_job_waiting_seconds" })
                Assert.Equal(open.Order(StringComparer.Ordinal), Jobs(page, name).Order(StringComparer.Ordinal));
        }
    }

    // Other dispatchers of this process have jobs of their own.
    private static IEnumerable<string> Jobs(string page, string name) => page.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains("sclip_job=\"gauge-", StringComparison.Ordinal))
        .Select(line => line.Split("sclip_job=\"")[1].Split('"')[0]).Distinct();

    /// <summary>Gauges of one name are one to OpenTelemetry, whichever dispatcher of a process has them: where another's end, so do these.</summary>
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class Alone;

    private static BoardView View(string[] open)
    {
        var jobs = open.Select(id => new JobProgress
        {
            Status = new JobStatus { Id = id, State = JobState.Waiting, WaitsFor = JobWaitKind.Turn, Created = default, Shards = 1, ShardsDone = 0, Images = 3, Labelled = 1, Failed = 0, Windows = 1 },
            IdleSeconds = 1,
            Priority = 4,
            Model = "demo/model",
            Method = "sclip",
            Classes = 2,
            Input = "photos",
        });
        return new BoardView(new Overview { Time = default, Jobs = [.. jobs], Workers = [], Queues = [], JobsTotal = open.Length }, new Dictionary<JobState, int>(), 0);
    }
}
