using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sclip.Hosting.Messaging;
using Sclip.Testing;

namespace Sclip.Hosting.Tests.Messaging;

/// <summary>No bus reports its usage to anybody; one that is registered past the product's way would.</summary>
public class UsageTelemetryTests
{
    [Fact]
    public void A_bus_of_the_services_reports_nothing()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Broker:Uri", "amqp://guest:guest@localhost/")]).Build();
        Assert.False(Reports(services => services.AddSclipBus(configuration)));
    }

    [Fact]
    public void A_bus_in_memory_reports_nothing_and_would_if_it_were_not_told() =>
        Assert.Equal((false, true), (Reports(services => services.AddQuietBus(bus => bus.UsingInMemory())), Reports(services => services.AddMassTransit(bus => bus.UsingInMemory()))));

    [Fact]
    public void No_bus_of_the_product_is_registered_past_it() =>
        Assert.Equal(["BusRegistration.cs"], Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains(".AddMassTransit(", StringComparison.Ordinal)).Select(Path.GetFileName));

    private static bool Reports(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddLogging();
        register(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled;
    }
}
