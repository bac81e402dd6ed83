using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Deployment.Tests.Monitoring;
using Sclip.Deployment.Tests.Services;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;
using Sclip.Testing.Servers;

[assembly: AssemblyFixture(typeof(DeployedServices))]

namespace Sclip.Deployment.Tests.Services;

/// <summary>
/// Dispatcher and worker as processes with the environment of their containers, in the order of a cluster that scales from none: jobs are
/// submitted while no worker has ever run. Both have been scraped while jobs waited, and after they ended.
/// </summary>
public sealed class DeployedServices : IAsyncLifetime
{
    private const string Images = "photos";
    private const string ApiKey = "a key of more than sixteen letters";

    private readonly TemporaryFolder _cache = new();
    private readonly AzuriteServer _azurite = new();
    private readonly SemaphoreSlim _start = new(1);
    private readonly List<ServerProcess> _processes = [];
    private bool _started;

    internal RabbitMqServer RabbitMq { get; } = new();

    internal HttpClient Dispatcher { get; } = Client();

    internal HttpClient Worker { get; } = Client();

    /// <summary>What both export.</summary>
    internal Exposition Metrics { get; } = new();

    /// <summary>How the jobs ended, the one for the queue of bulk jobs first.</summary>
    internal string[] States { get; private set; } = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts all of it, with the first test that needs it.</summary>
    internal async Task UseAsync()
    {
        await _start.WaitAsync();
        try
        {
            if (!_started)
                await StartAsync();
            _started = true;
        }
        finally
        {
            _start.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.TerminateAsync();
            process.Dispose();
        }
        Dispatcher.Dispose();
        Worker.Dispose();
        await _azurite.DisposeAsync();
        await RabbitMq.DisposeAsync();
        _cache.Dispose();
    }

    private async Task StartAsync()
    {
        await Task.WhenAll(_azurite.StartAsync(), RabbitMq.StartAsync());
        var overlay = await Overlay.RenderAsync("cpu");
        await StartAsync(overlay, "dispatcher", "Sclip.Dispatcher.dll", Dispatcher);
        await UploadAsync();
        string[] jobs = [await SubmitAsync(priority: 0), await SubmitAsync(priority: 9)];
        await Task.WhenAll(jobs.Select(PlannedAsync));
        await LeaveUnfinishedAsync(jobs[0]);
        await ScrapeWhileJobsWaitAsync();
        await StartAsync(overlay, "worker", "Sclip.Worker.dll", Worker);
        States = await Task.WhenAll(jobs.Select(FollowAsync));
        Metrics.Add(await Dispatcher.GetStringAsync("/metrics"));
        Metrics.Add(await Worker.GetStringAsync("/metrics"));
    }

    private async Task StartAsync(Overlay overlay, string container, string program, HttpClient client)
    {
        var variables = ContainerEnvironment.Of(overlay, ContainerEnvironment.Container(overlay, container), key => key switch
        {
            "connection" => _azurite.ConnectionString,
            "connection_string" => RabbitMq.Uri.ToString(),
            "key" => ApiKey,
            _ => null,
        });
        // The port is another, and of this machine alone; the model that the init container would pull is the demo's.
        variables["SCLIP_URLS"] = client.BaseAddress!.ToString();
        if (variables.TryGetValue("SCLIP_WORKER__PRELOAD", out var model))
        {
            variables["SCLIP_CACHE"] = _cache.Path;
            Directory.CreateDirectory(_cache["models"]);
            Directory.CreateSymbolicLink(_cache[$"models/{model.Replace("/", "--", StringComparison.Ordinal)}"], Path.Combine(Repository.Root, "models", "demo", "model"));
        }
        var process = ServerProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, program)], variables);
        _processes.Add(process);
        await process.UntilAsync(token => AnswersAsync(client, token), CancellationToken.None);
    }

    private async Task UploadAsync()
    {
        var account = new AzureBlobAccount(_azurite.ConnectionString);
        await account.CreateContainerAsync(Images, default);
        var store = account.Container(Images);
        foreach (var scene in Enumerable.Range(1, 3))
            await store.WriteAsync($"scene-{scene}.png", JobServers.Picture(scene), WriteCondition.None, default);
        await store.WriteAsync("broken.png", "no picture"u8.ToArray(), WriteCondition.None, default);
    }

    private async Task<string> SubmitAsync(int priority)
    {
        var model = ContainerEnvironment.Of(await Overlay.RenderAsync("cpu"), ContainerEnvironment.Container(await Overlay.RenderAsync("cpu"), "worker"), _ => "any")["SCLIP_WORKER__PRELOAD"];
        using var answer = await Dispatcher.PostAsJsonAsync("/jobs", new { input = Images, model, labels = new[] { new { name = "grass" }, new { name = "sky" } }, priority, @new = true });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text)!["id"]!;
    }

    private async Task PlannedAsync(string job) => await _processes[0].UntilAsync(
        async token => (string?)JsonNode.Parse(await Dispatcher.GetStringAsync($"/jobs/{job}", token))!["state"] is not "planning", CancellationToken.None);

    /// <summary>Leaves a shard as a worker does that gave it back.</summary>
    private async Task LeaveUnfinishedAsync(string job)
    {
        var blobs = new JobBlobs(new AzureBlobAccount(_azurite.ConnectionString).Container("sclip"));
        Assert.NotNull(await blobs.WriteDraftAsync(job, 0, new ShardDraft { Deliveries = 1 }, [], etag: null, default));
    }

    /// <summary>Values of queues and of jobs that have not ended come a little after them; what never comes is a test's to tell.</summary>
    private async Task ScrapeWhileJobsWaitAsync()
    {
        var wanted = (await Queries.AllAsync()).SelectMany(query => query.Metrics).Select(metric => metric.Name)
            .Where(name => name.StartsWith("sclip_queue", StringComparison.Ordinal) || name.StartsWith("sclip_job", StringComparison.Ordinal)).ToHashSet();
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await _processes[0].UntilAsync(
            async token =>
            {
                Metrics.Add(await Dispatcher.GetStringAsync("/metrics", token));
                return wanted.All(Metrics.Has) || System.Diagnostics.Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2);
            },
            CancellationToken.None);
    }

    private async Task<string> FollowAsync(string job)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var events = await Dispatcher.GetStringAsync($"/jobs/{job}/events", limit.Token);
        return (string)JsonNode.Parse(events.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..])!["state"]!;
    }

    private static HttpClient Client() => new() { BaseAddress = new($"http://127.0.0.1:{FreePort.Next()}"), Timeout = TimeSpan.FromMinutes(5), DefaultRequestHeaders = { { "X-Api-Key", ApiKey } } };

    private static async Task<bool> AnswersAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync("/healthz/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
