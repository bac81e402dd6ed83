using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Testing;
using Sclip.Testing.Servers;
using Sclip.Worker;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>The overview while brokers and workers come and go.</summary>
public sealed class BrokerLossTests(BrokerLossTests.OwnBroker own) : IClassFixture<BrokerLossTests.OwnBroker>, IAsyncDisposable
{
    private readonly RabbitMqServer _broker = own.Server;
    private readonly TemporaryFolder _folder = new();
    private WebApplication _dispatcher = null!;
    private HttpClient _client = null!;
    private Uri _address = own.Server.Uri;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _dispatcher.StopAsync();
        await _dispatcher.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_worker_appears_comes_back_after_a_restart_of_the_broker_and_is_gone_when_it_stops()
    {
        await StartAsync(_broker.Uri);
        var empty = await OverviewStream.UntilAsync(_client, "the broker is asked", overview => overview.Broker is null);
        Assert.Equal(6, empty.Queues.Count);
        Assert.All(empty.Queues, queue => Assert.Equal((0, 0), (queue.Shards, queue.Workers)));
        Assert.Empty(empty.Workers);

        await using var worker = WorkerHost.Build(Arguments());
        await worker.StartAsync();
        var seen = await OverviewStream.UntilAsync(_client, "a worker is ready", overview => overview.Workers is [{ State: WorkerPhase.Ready }]);
        await OverviewStream.UntilAsync(_client, "it takes from the queues", overview => overview.Queues.Count(queue => queue.Workers == 1) == 2);

        await _broker.StopAsync();
        var lost = await OverviewStream.UntilAsync(_client, "the broker is lost", overview => overview.Broker is not null);
        Assert.Contains("127.0.0.1", lost.Broker, StringComparison.Ordinal);
        Assert.Empty(lost.Queues);
        await _broker.StartAsync();
        var restarted = DateTimeOffset.UtcNow;
        var back = await OverviewStream.UntilAsync(_client, "the worker is back", overview => overview is { Broker: null, Workers: [var only] } && only.Heard > restarted);
        Assert.Equal(seen.Workers[0].Name, back.Workers[0].Name);

        await worker.StopAsync();
        await OverviewStream.UntilAsync(_client, "the worker is gone", overview => overview.Workers.Count == 0);
    }

    [Fact]
    public async Task A_shard_that_is_sent_before_any_worker_ever_was_waits_for_the_first()
    {
        await StartAsync(await _broker.EmptyHostAsync("before-any-worker"));
        await OverviewStream.UntilAsync(_client, "the broker is asked", overview => overview.Broker is null);
        await _dispatcher.Services.GetRequiredService<IBlobAccount>().CreateContainerAsync("photos", default);
        await _dispatcher.Services.GetRequiredService<IBlobAccount>().Container("photos").WriteAsync("a.png", JobServers.Picture(1), WriteCondition.None, default);
        using var answer = await _client.PostAsJsonAsync("/jobs", JobFixture.Request("photos"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await OverviewStream.UntilAsync(_client, "the shard waits", overview => overview.Queues.Any(queue => queue is { Name: "segment-shard", Shards: 1 }));
        await using var worker = WorkerHost.Build(Arguments("--Worker:PullModels=false"));
        await worker.StartAsync();
        // It lacks the model, which ends the job: the worker had its shard.
        await OverviewStream.UntilAsync(_client, "the worker had it", overview => overview.Jobs is [{ Status.State: JobState.Failed }]);
        await worker.StopAsync();
    }

    [Fact]
    public async Task A_worker_without_its_model_is_starting_and_says_why()
    {
        await StartAsync(_broker.Uri);
        await using var worker = WorkerHost.Build(Arguments("--Worker:Preload=nobody/has-it", "--Worker:PullModels=false"));
        await worker.StartAsync();
        var overview = await OverviewStream.UntilAsync(_client, "the worker says what it lacks", overview => overview.Workers is [{ Reason: { } reason }] && reason.Contains("not on this worker", StringComparison.Ordinal));
        Assert.Equal(WorkerPhase.Starting, overview.Workers[0].State);
        Assert.Contains("'nobody/has-it'", overview.Workers[0].Reason, StringComparison.Ordinal);
        await worker.StopAsync();
    }

    [Fact]
    public async Task A_stream_ends_with_the_service()
    {
        await StartAsync(_broker.Uri);
        using var answer = await _client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        var reading = answer.Content.ReadAsStringAsync();
        // One that did not end would be cut off, which the reading would not survive.
        await _dispatcher.StopAsync();
        Assert.StartsWith("event: overview\ndata: {", await reading.WaitAsync(JobFixture.Patience), StringComparison.Ordinal);
    }

    private async Task StartAsync(Uri broker)
    {
        _address = broker;
        _dispatcher = DispatcherHost.Build(Arguments());
        await _dispatcher.StartAsync();
        _client = new HttpClient { BaseAddress = new(_dispatcher.Urls.First()) };
    }

    private string[] Arguments(params string[] more) => ["--urls=http://127.0.0.1:0", $"--Broker:Uri={_address}", $"--Store:Folder={_folder.Path}", .. more];

    /// <summary>A broker of these tests alone, since one of them takes it away.</summary>
    public sealed class OwnBroker : IAsyncLifetime
    {
        public RabbitMqServer Server { get; } = new();

        public async ValueTask InitializeAsync() => await Server.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
