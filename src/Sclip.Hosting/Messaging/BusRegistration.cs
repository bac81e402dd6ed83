using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Sclip.Hosting.Messaging;

/// <summary>The one place where buses are registered, so that what holds for all of them holds.</summary>
public static class BusRegistration
{
    /// <summary>Registers a bus that tells nobody of itself: MassTransit would report its usage to its vendor some minutes after a bus starts.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configure">What the bus is.</param>
    public static IServiceCollection AddQuietBus(this IServiceCollection services, Action<IBusRegistrationConfigurator> configure) => services.AddMassTransit(bus =>
    {
        configure(bus);
        bus.DisableUsageTelemetry();
    });
}
