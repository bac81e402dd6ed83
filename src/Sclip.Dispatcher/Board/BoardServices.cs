using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Catalog;
using Sclip.Dispatcher.Control;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;

namespace Sclip.Dispatcher.Board;

/// <summary>Registers the board.</summary>
internal static class BoardServices
{
    private const int Prefetch = 64;

    public static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CacheFolder>().AddSingleton(provider => new CatalogFile(Path.Combine(provider.GetRequiredService<CacheFolder>().Path, "jobs"), provider.GetRequiredService<StoreOptions>().Fingerprint()));
        services.AddSingleton<JobCatalog>().AddSingleton<WorkerBoard>().AddSingleton<JobBoard>().AddSingleton<FleetBoard>().AddSingleton<JobNews>().AddSingleton<JobActions>().AddSingleton<Func<QueueLook>>(provider =>
        {
            var (queues, workers) = (provider.GetRequiredService<QueueBoard>(), provider.GetRequiredService<WorkerBoard>());
            return () => new QueueLook(queues.State.Queues, queues.State.Problem, workers.Workers());
        });
        services.AddSingleton<QueueBoard>().AddHostedService(provider => provider.GetRequiredService<QueueBoard>());
        return services.AddSingleton<BoardService>().AddHostedService(provider => provider.GetRequiredService<BoardService>());
    }

    public static void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<BoardConsumer>();

    /// <summary>A queue of this process alone, gone with it: each replica hears everything.</summary>
    public static void ConfigureEndpoint(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, BrokerOptions _) =>
        rabbit.ReceiveEndpoint(
            new TemporaryEndpointDefinition("sclip-board", prefetchCount: Prefetch), KebabCaseEndpointNameFormatter.Instance, endpoint => endpoint.ConfigureConsumer<BoardConsumer>(context));
}
