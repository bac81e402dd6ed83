using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts.Messages;
using Sclip.Hosting.Messaging;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Shards;

/// <summary>The queues of shards as a worker consumes them: what is tried again when, and where it ends.</summary>
internal static class ShardEndpoints
{
    private static readonly TimeSpan[] Retries = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    public static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, BrokerOptions options)
    {
        foreach (var queue in ShardQueues.Work)
            rabbit.ReceiveEndpoint(queue, endpoint => Configure(context, endpoint, queue, options));
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator endpoint, string queue, BrokerOptions options)
    {
        endpoint.ConfigureConsumeTopology = false;
        // One shard for each device: they are minutes of work, and one more in hand would only keep it from other workers.
        var devices = context.GetRequiredService<EngineDevices>().All.Count;
        endpoint.PrefetchCount = devices;
        endpoint.ConcurrentMessageLimit = devices;
        // Made below, as senders make it; the bus would declare it anew, which fails where it was made with another delivery limit.
        endpoint.BindQueue = false;
        // Which leaves these for the queues that the bus makes beside it, of failed and of skipped messages.
        foreach (var (key, value) in ShardTopology.ErrorArguments(queue))
            endpoint.SetQueueArgument(key, value);
        var late = context.GetRequiredService<LateRedelivery>();
        var watch = new ConsumerWatchFilter(queue, context.GetRequiredService<ConsumerWatch>());
        endpoint.ConfigureChannel(pipe => pipe.UseFilter(watch));
        endpoint.ConfigureChannel(pipe => pipe.UseExecuteAsync(async channel =>
        {
            var connection = channel.ConnectionContext.Connection;
            await ShardTopology.EnsureQueueAsync(connection, queue, options, channel.CancellationToken);
            // The broker needs it before the bus does, for what exceeds the delivery limit.
            await ShardTopology.EnsureErrorQueueAsync(connection, queue, channel.CancellationToken);
            await late.DeclareAsync(queue, channel, channel.CancellationToken);
        }));
        endpoint.ConfigureConsumer<SegmentShardConsumer>(context);
    }

    /// <summary>What is tried again when. Once for all queues: the bus would add what one endpoint asks of its consumer to the next endpoint's.</summary>
    public static void Configure(IRegistrationContext context, IConsumerConfigurator<SegmentShardConsumer> consumer) => consumer.Message<SegmentShard>(message =>
    {
        message.UseFilter(new LateRedeliveryFilter<SegmentShard>(context.GetRequiredService<LateRedelivery>()));
        message.UseMessageRetry(retry =>
        {
            retry.Intervals(Retries);
            retry.Ignore<UnusableShardException>();
            // Here it would be lost again.
            retry.Ignore<DeviceLostException>();
        });
    });
}
