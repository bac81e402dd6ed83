using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Messages;
using Sclip.Hosting.Messaging;

namespace Sclip.Worker.Shards;

/// <summary>The queues of shards as a worker consumes them: what is tried again when, and where it ends.</summary>
internal static class ShardEndpoints
{
    private static readonly TimeSpan[] Retries = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    public static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, BrokerOptions options)
    {
        foreach (var queue in (string[])[ShardQueues.Urgent, ShardQueues.Bulk])
            rabbit.ReceiveEndpoint(queue, endpoint => Configure(context, endpoint, queue, options));
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator endpoint, string queue, BrokerOptions options)
    {
        endpoint.ConfigureConsumeTopology = false;
        // One shard is minutes of work: one more in hand would only keep it from other workers.
        endpoint.PrefetchCount = 1;
        // The client tells a consumer of its lost channel by the same lanes as deliveries: one must be free beside the shard in work.
        endpoint.ConcurrentMessageLimit = 2;
        foreach (var (key, value) in ShardTopology.Arguments(queue, options))
            endpoint.SetQueueArgument(key, value!);
        var late = new LateRedelivery(queue, options, context.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LateRedelivery).FullName!));
        endpoint.ConfigureChannel(pipe => pipe.UseExecuteAsync(channel => ShardTopology.DeclareAsync(channel.Channel, queue, options, channel.CancellationToken)));
        endpoint.ConfigureConsumer<SegmentShardConsumer>(context, consumer =>
        {
            consumer.Message<SegmentShard>(message =>
            {
                message.UseFilter(new LateRedeliveryFilter<SegmentShard>(late));
                message.UseMessageRetry(retry =>
                {
                    retry.Intervals(Retries);
                    retry.Ignore<UnusableShardException>();
                });
            });
        });
    }
}
