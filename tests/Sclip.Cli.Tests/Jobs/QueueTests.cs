using System.Text;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Messaging;
using Sclip.Storage;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>Jobs where queues are missing: shards are enqueued, or the command says that they are not.</summary>
[Collection(JobCli.Collection)]
public sealed class QueueTests(QueueTests.Broker broker) : IClassFixture<QueueTests.Broker>, IAsyncLifetime
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "sclip.dll");
    private readonly TemporaryFolder _folder = new();
    private readonly string _host = $"host-{Guid.NewGuid():n}";
    private Uri _address = null!;

    private IBlobStore Store => new FileBlobAccount(_folder["blobs"]).Container("sclip");

    public async ValueTask InitializeAsync()
    {
        _address = await broker.Server.EmptyHostAsync(_host);
        for (var scene = 1; scene <= 4; scene++)
            _folder.Write($"blobs/photos/{scene}.png", JobServers.Picture(scene));
        JobCli.Use(("STORE__FOLDER", _folder["blobs"]), ("BROKER__URI", _address.ToString()));
    }

    public ValueTask DisposeAsync()
    {
        JobCli.Use();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_job_submitted_before_any_worker_is_labelled_once_one_is_there()
    {
        var id = await SubmitAsync();
        var listed = (await JobCli.DoneAsync("jobs")).Split('\n').First(line => line.StartsWith(id, StringComparison.Ordinal));
        Assert.Contains(" waiting ", listed, StringComparison.Ordinal);
        Assert.Contains("no worker takes shards from segment-shard, where 4 shards wait: start one, or see why none starts.", listed, StringComparison.Ordinal);
        Assert.Contains("no worker takes shards from", await JobCli.DoneAsync("status", id), StringComparison.Ordinal);
        using var worker = Worker();
        await JobCli.DoneAsync("watch", id);
        await worker.TerminateAsync();
    }

    [Fact]
    public async Task A_retry_after_the_broker_lost_its_data_needs_no_worker()
    {
        var id = await SubmitAsync("--priority", "9");
        await broker.Server.EmptyHostAsync(_host);
        Assert.StartsWith("Enqueued 4 shards", await JobCli.DoneAsync("retry", id), StringComparison.Ordinal);
        using var worker = Worker();
        await JobCli.DoneAsync("watch", id);
        await worker.TerminateAsync();
    }

    [Fact]
    public async Task A_worker_of_another_delivery_limit_labels_and_gives_up_what_is_damaged()
    {
        var id = await SubmitAsync();
        await Store.WriteAsync(JobNames.Shard(id, 2), "{"u8.ToArray(), WriteCondition.None, CancellationToken.None);
        using var worker = Worker("--Broker:DeliveryLimit=7");
        await using var connection = await BrokerConnection.OpenAsync(new BrokerOptions { Uri = _address }, "test", CancellationToken.None);
        await worker.UntilAsync(
            async token =>
            {
                foreach (var shard in (int[])[0, 1, 3])
                    if (!await Store.ExistsAsync(JobNames.Result(id, shard), token))
                        return false;
                await using var channel = await connection.CreateChannelAsync(cancellationToken: token);
                return await channel.BasicGetAsync(ShardQueues.ErrorsOf(ShardQueues.Bulk), autoAck: true, token) is { } message
                    && Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers!["MT-Fault-Message"]!).Contains(JobNames.Shard(id, 2), StringComparison.Ordinal);
            },
            CancellationToken.None);
        await worker.TerminateAsync();
    }

    [Fact]
    public async Task A_shard_that_waits_to_be_tried_again_is_not_lost_with_its_queue()
    {
        var late = ShardQueues.LateOf(ShardQueues.Bulk, new BrokerOptions { LateSeconds = 1 });
        using var worker = Worker("--Broker:LateSeconds=1");
        await using var connection = await BrokerConnection.OpenAsync(new BrokerOptions { Uri = _address }, "test", CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        await JobCli.DoneAsync("watch", await SubmitAsync());
        await channel.QueueDeleteAsync(late, ifUnused: false, ifEmpty: false);
        // No result can be written below a file.
        var results = _folder.Write("blobs/sclip/jobs/held/results", "");
        var id = await SubmitAsync("--id", "held");
        await worker.UntilAsync(_ => Task.FromResult(worker.Output.Contains("is tried again in 1 s", StringComparison.Ordinal)), CancellationToken.None);
        File.Delete(results);
        await JobCli.DoneAsync("watch", id);
        await worker.TerminateAsync();
    }

    [Fact]
    public async Task A_submit_whose_shards_no_queue_takes_fails_and_says_so()
    {
        await broker.Server.AllowAsync(_host, read: "^$");
        var error = await JobCli.RefusedAsync(JobCli.Submit("photos"));
        Assert.Contains("cannot be enqueued", error, StringComparison.Ordinal);
        Assert.Contains("ACCESS_REFUSED", error, StringComparison.Ordinal);
    }

    private static Task<string> SubmitAsync(params string[] more) => JobCli.DoneAsync(JobCli.Submit("photos", ["--shard-size", "1", .. more]));

    private static ServerProcess Worker(params string[] more) =>
        Start(["worker", $"--Worker:ModelFolder={Path.Combine(Repository.Root, "models")}", "--Worker:PullModels=false", .. more]);

    // The environment of this process says where the store and the broker are.
    private static ServerProcess Start(params string[] arguments) => ServerProcess.Start("dotnet", [Program, .. arguments]);

    /// <summary>The broker that the tests share.</summary>
    public sealed class Broker : IAsyncLifetime
    {
        public RabbitMqServer Server { get; } = new();

        public async ValueTask InitializeAsync() => await Server.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
