using Microsoft.AspNetCore.Builder;
using Sclip.Contracts.Board;
using Sclip.Testing;
using Sclip.Testing.Servers;
using Sclip.Worker;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>The overview while brokers and workers come and go.</summary>
public sealed class BrokerLossTests : IAsyncLifetime
{
    private readonly RabbitMqServer _broker = new();
    private readonly TemporaryFolder _folder = new();
    private WebApplication _dispatcher = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await _broker.StartAsync();
        _dispatcher = DispatcherHost.Build(Arguments());
        await _dispatcher.StartAsync();
        _client = new HttpClient { BaseAddress = new(_dispatcher.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _dispatcher.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_worker_appears_comes_back_after_a_restart_of_the_broker_and_is_gone_when_it_stops()
    {
        // No worker has made the queues yet.
        var empty = await OverviewStream.UntilAsync(_client, "the broker is asked", overview => overview.Broker is null);
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
    public async Task A_worker_without_its_model_is_starting_and_says_why()
    {
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
        using var answer = await _client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        var reading = answer.Content.ReadAsStringAsync();
        await _dispatcher.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        Assert.StartsWith("event: overview\ndata: {", await reading.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
    }

    private string[] Arguments(params string[] more) => ["--urls=http://127.0.0.1:0", $"--Broker:Uri={_broker.Uri}", $"--Store:Folder={_folder.Path}", .. more];
}
