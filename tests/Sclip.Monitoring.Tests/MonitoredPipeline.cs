using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher;
using Sclip.Monitoring.Tests;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

[assembly: AssemblyFixture(typeof(MonitoredPipeline))]

namespace Sclip.Monitoring.Tests;

/// <summary>
/// A dispatcher and a worker that have labelled the demo's pictures and a damaged one, with a job that goes on for as long as a test runs;
/// Prometheus scrapes both, and a GPU exporter.
/// </summary>
public sealed class MonitoredPipeline : IAsyncLifetime
{
    private const string Images = "photos";
    private const string Going = "going";
    private const int ManyShards = 1_000_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(300);

    private readonly JobServers _servers = new();
    private readonly CancellationTokenSource _stop = new();
    private WebApplication? _dispatcher;
    private WebApplication? _gpu;
    private Task _going = Task.CompletedTask;

    public PrometheusServer Prometheus { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _servers.StartAsync(Path.Combine(AppContext.BaseDirectory, "Sclip.Worker.dll"));
        _dispatcher = DispatcherHost.Build([.. _servers.Settings.Select(setting => $"--{setting.Key}={setting.Value}"), "--urls=http://127.0.0.1:0"]);
        await _dispatcher.StartAsync();
        _gpu = await GpuExporter.StartAsync();
        var address = new Uri(_dispatcher.Urls.First());
        Prometheus = PrometheusServer.Start(address, _servers.WorkerAddress, new(_gpu.Urls.First()));
        _going = GoOnAsync(address);
        // A rate needs two samples of what there was before.
        await Prometheus.SeriesAsync("up == 1");
        for (var i = 0; i < 2; i++)
            await LabelAsync(address, $"job-{i}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _going.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Prometheus.DisposeAsync();
        if (_dispatcher is not null)
        {
            await _dispatcher.StopAsync();
            await _dispatcher.DisposeAsync();
        }
        if (_gpu is not null)
            await _gpu.DisposeAsync();
        await _servers.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Labels pictures, one of which is damaged, of which a worker that died has left a draft.</summary>
    private async Task LabelAsync(Uri dispatcher, string id)
    {
        var account = _dispatcher!.Services.GetRequiredService<IBlobAccount>();
        await account.CreateContainerAsync(Images, default);
        for (var scene = 1; scene <= 8; scene++)
            await account.Container(Images).WriteAsync($"scene-{scene}.png", JobServers.Picture(scene), WriteCondition.None, default);
        await account.Container(Images).WriteAsync("damaged.png", new byte[] { 1, 2, 3 }, WriteCondition.None, default);
        var jobs = _dispatcher.Services.GetRequiredService<JobBlobs>();
        await jobs.WriteDraftAsync(id, 0, new ShardDraft { Worker = "one-that-died", Deliveries = 1 }, [], etag: null, default);
        using var client = new HttpClient { BaseAddress = dispatcher, Timeout = TimeSpan.FromMinutes(5) };
        using var answer = await client.PostAsJsonAsync("/jobs", new JsonObject { ["id"] = id, ["input"] = Images, ["model"] = JobServers.Model, ["labels"] = new JsonArray(new JsonObject { ["name"] = "sky" }, new JsonObject { ["name"] = "grass" }) });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        Assert.Contains("\"state\":\"completed\"", (await client.GetStringAsync($"/jobs/{id}/events", limit.Token)).Split("data: ")[^1], StringComparison.Ordinal);
    }

    /// <summary>Keeps a job going that no worker has, and somebody watching.</summary>
    private async Task GoOnAsync(Uri dispatcher)
    {
        using var client = new HttpClient { BaseAddress = dispatcher };
        using var watching = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        var reading = watching.Content.CopyToAsync(Stream.Null, _stop.Token);
        var jobs = _dispatcher!.Services.GetRequiredService<JobBlobs>();
        await _dispatcher.Services.GetRequiredService<IBlobAccount>().CreateContainerAsync("sclip", _stop.Token);
        await jobs.CreateJobAsync(new JobDocument
        {
            Id = Going,
            Created = DateTimeOffset.UtcNow,
            Input = new JobInput { Container = Images },
            Labels = [new LabelClass { Name = "sky" }],
            Model = JobServers.Model,
            Settings = new JobSettings(),
            ShardSize = 1,
        }, _stop.Token);
        await jobs.CreatePlanAsync(Going, new JobPlan { Shards = ManyShards, Images = ManyShards }, _stop.Token);
        for (var shard = 0; !_stop.IsCancellationRequested; shard++)
        {
            await jobs.CommitResultAsync(Going, shard, [new ImageResult { Image = shard.ToString(CultureInfo.InvariantCulture), Status = shard % 5 == 0 ? ImageStatus.Failed : ImageStatus.Ok }], _stop.Token);
            await Task.Delay(Step, _stop.Token);
        }
        await reading;
    }
}
