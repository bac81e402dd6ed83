using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts.Board;
using Sclip.Hosting.Configuration;

namespace Sclip.Hosting.Messaging;

/// <summary>The message bus.</summary>
public static class BusServices
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Registers the bus on RabbitMQ by the configuration's section <c>Broker</c>; sends wait for the broker's confirmation.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="consumers">Adds consumers.</param>
    /// <param name="endpoints">Configures the endpoints that they consume from.</param>
    public static IServiceCollection AddSclipBus(
        this IServiceCollection services, IConfiguration configuration, Action<IBusRegistrationConfigurator>? consumers = null,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator, BrokerOptions>? endpoints = null)
    {
        var options = services.AddSclipOptions<BrokerOptions>(configuration, BrokerOptions.Section);
        services.AddQuietBus(bus =>
        {
            consumers?.Invoke(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(options.Uri, host =>
                {
                    host.Heartbeat(Heartbeat);
                    host.PublisherConfirmation = true;
                });
                // The base of a message is no message: without this the broker had an exchange for it, too.
                rabbit.Publish<WorkerFacts>(facts => facts.Exclude = true);
                endpoints?.Invoke(context, rabbit, options);
            });
        });
        return services.AddSingleton<IShardSender, ShardSender>();
    }
}
