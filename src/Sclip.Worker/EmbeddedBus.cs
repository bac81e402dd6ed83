using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Hosting.Messaging;
using Sclip.Worker.Shards;

namespace Sclip.Worker;

/// <summary>The bus within one process: the consumer of shards on the transport in memory, where nothing is tried again.</summary>
public static class EmbeddedBus
{
    /// <summary>Registers the bus; what labels shards must be registered too.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="shards">Shards in work at the same time, one for each device.</param>
    public static IServiceCollection AddEmbeddedBus(this IServiceCollection services, int shards)
    {
        services.AddQuietBus(bus =>
        {
            bus.AddConsumer<SegmentShardConsumer>();
            bus.UsingInMemory((context, memory) => memory.ReceiveEndpoint(ShardQueues.Bulk, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.PrefetchCount = shards;
                endpoint.ConcurrentMessageLimit = shards;
                endpoint.ConfigureConsumer<SegmentShardConsumer>(context);
            }));
        });
        return services.AddSingleton<IShardSender, ShardSender>();
    }
}
