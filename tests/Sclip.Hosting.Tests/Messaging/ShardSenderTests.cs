using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Messaging;
using Sclip.Testing.Servers;

namespace Sclip.Hosting.Tests.Messaging;

/// <summary>Sends to brokers that have no queue for it, each test to a virtual host of its own.</summary>
public sealed class ShardSenderTests(BrokerFixture fixture) : IAsyncLifetime
{
    private static readonly JobDocument Job = new()
    {
        Id = "job",
        Created = DateTimeOffset.UnixEpoch,
        Input = new JobInput { Container = "photos" },
        Labels = [new LabelClass { Name = "grass" }],
        Model = "demo/model",
        Settings = new JobSettings(),
        ShardSize = 1,
    };

    private readonly string _host = $"host-{Guid.NewGuid():n}";
    private readonly List<ServiceProvider> _senders = [];
    private RabbitMqServer _server = null!;
    private Uri _address = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.ServerAsync();
        _address = await _server.EmptyHostAsync(_host);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders)
        {
            await sender.GetRequiredService<IBusControl>().StopAsync();
            await sender.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(0, ShardQueues.Bulk)]
    [InlineData(9, ShardQueues.Urgent)]
    public async Task A_shard_sent_before_any_worker_has_made_its_queue_waits_in_it(int priority, string queue)
    {
        await (await SenderAsync()).SendAsync(Job with { Priority = priority }, 3, default);
        Assert.Equal([3], await TakeAsync(queue));
        Assert.Empty(await TakeAsync(queue == ShardQueues.Bulk ? ShardQueues.Urgent : ShardQueues.Bulk));
    }

    [Fact]
    public async Task Queues_that_are_lost_under_a_sender_are_made_again()
    {
        var sender = await SenderAsync();
        await sender.SendAsync(Job, 0, default);
        await DeleteQueueAsync(ShardQueues.Bulk);
        await sender.SendAsync(Job, 1, default);
        Assert.Equal([1], await TakeAsync(ShardQueues.Bulk));
        await _server.EmptyHostAsync(_host);
        await SendUntilTakenAsync(sender, 2);
        Assert.Contains(2, await TakeAsync(ShardQueues.Bulk));
    }

    [Fact]
    public async Task Queues_keep_the_delivery_limit_that_they_were_made_with()
    {
        await (await SenderAsync(deliveryLimit: 7)).SendAsync(Job, 0, default);
        await using var connection = await BrokerConnection.OpenAsync(new BrokerOptions { Uri = _address }, "test", default);
        foreach (var queue in ShardQueues.Work)
            await ShardTopology.EnsureQueueAsync(connection, queue, new BrokerOptions { DeliveryLimit = 9 }, default);
        await (await SenderAsync(deliveryLimit: 11)).SendAsync(Job, 1, default);
        Assert.Equal([0, 1], await TakeAsync(ShardQueues.Bulk));
        await using var channel = await connection.CreateChannelAsync();
        // The broker compares the arguments: others than those that it has are refused.
        await channel.QueueDeclareAsync(ShardQueues.Bulk, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = 7,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = ShardQueues.ErrorsOf(ShardQueues.Bulk),
        });
    }

    [Fact]
    public async Task A_shard_that_no_queue_takes_is_a_failure_that_names_the_queue()
    {
        // Without it, no queue can be bound to the exchange.
        await _server.AllowAsync(_host, read: "^$");
        var sender = await SenderAsync();
        var error = await Assert.ThrowsAsync<BrokerException>(() => sender.SendAsync(Job with { Priority = 9 }, 5, default));
        Assert.StartsWith("Shard 5 of job job cannot be enqueued", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the queue {ShardQueues.Urgent} cannot be made: ACCESS_REFUSED", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guest:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_refuses_is_tried_again_and_then_told_of()
    {
        await using var connection = await BrokerConnection.OpenAsync(new BrokerOptions { Uri = _address }, "test", default);
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(ShardQueues.Bulk, ExchangeType.Fanout, durable: true);
        // As one that has no leader yet, it answers no.
        await channel.QueueDeclareAsync("full", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" });
        await channel.QueueBindAsync("full", ShardQueues.Bulk, "");
        await (await SenderAsync()).SendAsync(Job, 4, default);
        var error = await Assert.ThrowsAsync<BrokerException>(() => Another(patience: 3).SendAsync(Job, 5, default));
        Assert.EndsWith(
            $"the broker: the queue {ShardQueues.Bulk} takes nothing now: it is full, or the broker is short of memory or disk. What is planned stays; try again later.", error.Message, StringComparison.Ordinal);
        var sent = Another(patience: 120).SendAsync(Job, 6, default);
        await channel.QueuePurgeAsync("full");
        await sent;
        Assert.Equal([6], await TakeAsync("full"));
    }

    [Fact]
    public async Task A_broker_that_keeps_the_connection_and_says_nothing_is_given_up_in_time()
    {
        await using var relay = new TcpRelay(_server.Port);
        await (await SenderAsync(relay.Port)).SendAsync(Job, 0, default);
        relay.Holds = true;
        var start = Stopwatch.GetTimestamp();
        var error = await Assert.ThrowsAsync<BrokerException>(() => Another(patience: 3).SendAsync(Job, 1, default));
        // Three seconds for the send, and five for the question after it; the bus by itself goes on for as long as the broker says nothing.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 3, 60);
        Assert.Contains("the broker: no answer within 3 seconds.", error.Message, StringComparison.Ordinal);
        relay.Holds = false;
    }

    private async Task<IShardSender> SenderAsync(int? port = null, int deliveryLimit = 100)
    {
        var address = new UriBuilder(_address) { Port = port ?? _address.Port }.Uri;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Broker:Uri"] = address.ToString(), ["Broker:DeliveryLimit"] = $"{deliveryLimit}" }).Build();
        var services = new ServiceCollection().AddLogging().AddSclipBus(configuration).BuildServiceProvider();
        _senders.Add(services);
        await services.GetRequiredService<IBusControl>().StartAsync();
        return new ShardSender(services.GetRequiredService<IBus>(), services.GetRequiredService<BrokerOptions>());
    }

    /// <summary>Another one on the bus of the last, which is connected by now.</summary>
    private ShardSender Another(double patience) => new(_senders[^1].GetRequiredService<IBus>(), _senders[^1].GetRequiredService<BrokerOptions>()) { Patience = TimeSpan.FromSeconds(patience) };

    /// <summary>Sends again, as users do that are told to: the bus may notice only with a send that its connection is gone.</summary>
    private static async Task SendUntilTakenAsync(IShardSender sender, int shard)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await sender.SendAsync(Job, shard, default);
                return;
            }
            catch (BrokerException) when (attempt < 5)
            {
            }
    }

    private async Task DeleteQueueAsync(string queue)
    {
        await using var connection = await BrokerConnection.OpenAsync(new BrokerOptions { Uri = _address }, "test", default);
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue);
    }

    /// <summary>Takes all shards out of a queue.</summary>
    private async Task<List<int>> TakeAsync(string queue)
    {
        await using var connection = await BrokerConnection.OpenAsync(new BrokerOptions { Uri = _address }, "test", default);
        await using var channel = await connection.CreateChannelAsync();
        var shards = new List<int>();
        while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
            shards.Add(JsonDocument.Parse(message.Body).RootElement.GetProperty("message").GetProperty("shard").GetInt32());
        return shards;
    }
}
