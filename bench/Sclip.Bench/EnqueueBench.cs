using System.Globalization;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Sclip.Bench.Doubles;
using Sclip.Hosting.Messaging;
using Sclip.Testing.Servers;

namespace Sclip.Bench;

/// <summary>Plans shards of one image, so that almost all of the time is sending: messages a second that a broker confirmed.</summary>
internal static class EnqueueBench
{
    private const int Warmup = 2_000;

    public static async Task RunAsync(string? uri, int messages, int rounds)
    {
        await using var server = uri is null ? new RabbitMqServer() : null;
        if (server is not null)
            await server.StartAsync();
        var broker = server?.Uri ?? new Uri(uri!);
        await DeclareQueueAsync(broker);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Broker:Uri", broker.AbsoluteUri)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddSclipBus(configuration).BuildServiceProvider();
        var bus = services.GetRequiredService<IBusControl>();
        await bus.StartAsync();
        await SendAsync(services, Warmup);
        for (var round = 0; round < rounds; round++)
        {
            var process = Environment.CpuUsage.TotalTime;
            var seconds = await SendAsync(services, messages);
            var cpu = (Environment.CpuUsage.TotalTime - process).TotalMilliseconds / messages;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{messages} messages, each confirmed: {seconds:F2} s, {messages / seconds:F0} messages/s, {cpu:F3} ms of this process's CPU a message"));
        }
        await bus.StopAsync();
    }

    private static async Task<double> SendAsync(IServiceProvider services, int messages)
    {
        var store = new GeneratedStore(messages);
        var (_, seconds) = await PlanBench.PlanAsync(store, store, services.GetRequiredService<IShardSender>(), shardSize: 1);
        return seconds;
    }

    /// <summary>A queue of the kind that workers make: without one, the broker would drop what it confirms.</summary>
    private static async Task DeclareQueueAsync(Uri broker)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(ShardQueues.Bulk, RabbitMQ.Client.ExchangeType.Fanout, durable: true);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(ShardQueues.Bulk, durable: true, exclusive: false, autoDelete: false, quorum);
        await channel.QueueBindAsync(ShardQueues.Bulk, ShardQueues.Bulk, "");
    }
}
