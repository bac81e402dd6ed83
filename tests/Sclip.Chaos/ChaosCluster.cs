using System.Globalization;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Dispatcher.Control;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Chaos;

/// <summary>
/// A broker, a blob server, and what submits jobs; all but the judge's own looks at the blobs goes through relays that can be cut.
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="deliveryLimit">Deliveries of a message after which the broker gives it up.</param>
public abstract class ChaosCluster(RabbitMqServer broker, int deliveryLimit) : IAsyncDisposable
{
    private ServiceProvider? _services;

    internal Faults Faults { get; } = new();

    internal RabbitMqServer Broker => broker;

    internal AzuriteServer Azurite { get; } = new();

    internal TcpRelay BrokerRelay { get; private set; } = null!;

    internal TcpRelay StoreRelay { get; private set; } = null!;

    internal RawQueues Queues { get; private set; } = null!;

    /// <summary>The jobs, past the relay.</summary>
    internal JobBlobs Jobs { get; private set; } = null!;

    internal IBlobStore Images { get; private set; } = null!;

    internal JobSubmission Submission => Services.GetRequiredService<JobSubmission>();

    internal JobControl Control => Services.GetRequiredService<JobControl>();

    internal IShardSender Sender => Services.GetRequiredService<IShardSender>();

    internal IBus Bus => Services.GetRequiredService<IBus>();

    /// <summary>How workers find broker and store.</summary>
    internal WorkerAddresses Addresses { get; private set; } = null!;

    /// <summary>The classes.</summary>
    internal IReadOnlyList<LabelClass> Labels { get; } = LabelSet.Load(Path.Combine(Repository.Root, "models", "demo", "labels.json")).Classes;

    /// <summary>Digests of the masks of a run that nothing disturbed, by the image's file.</summary>
    internal IReadOnlyDictionary<string, string> CalmMasks { get; private protected set; } = new Dictionary<string, string>();

    private ServiceProvider Services => _services ?? throw new InvalidOperationException("The cluster is not started.");

    /// <summary>The port that stands for the store: Azurite's, or that of something before it.</summary>
    protected virtual int StorePort => Azurite.Port;

    /// <summary>Starts the servers and what submits jobs, and puts pictures into the store.</summary>
    protected async Task StartAsync()
    {
        await Task.WhenAll(Broker.StartAsync(), Azurite.StartAsync());
        (BrokerRelay, StoreRelay, Queues) = (new(Broker.Port), new(StorePort), new(Broker));
        Addresses = new(new UriBuilder(Broker.Uri) { Port = BrokerRelay.Port }.Uri, AzuriteServer.ConnectionStringFor(StoreRelay.Port), deliveryLimit);
        var account = new AzureBlobAccount(Azurite.ConnectionString);
        (Jobs, Images) = (new(account.Container(new StoreOptions().Container)), account.Container(Pictures.Container));
        await account.CreateContainerAsync(Pictures.Container, default);
        await Pictures.UploadAllAsync(Images);
        var settings = new Dictionary<string, string?>
        {
            ["Broker:Uri"] = Addresses.Broker.ToString(),
            ["Broker:DeliveryLimit"] = deliveryLimit.ToString(CultureInfo.InvariantCulture),
            ["Store:Connection"] = Addresses.Store,
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddSclipStore(configuration).AddSclipBus(configuration).AddJobControl();
        _services = services.BuildServiceProvider();
        await _services.GetRequiredService<IBusControl>().StartAsync();
    }

    /// <summary>Ends all of it.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.GetRequiredService<IBusControl>().StopAsync();
            await _services.DisposeAsync();
        }
        if (BrokerRelay is not null)
            await BrokerRelay.DisposeAsync();
        if (StoreRelay is not null)
            await StoreRelay.DisposeAsync();
        await Broker.DisposeAsync();
        await Azurite.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts a file among the images.</summary>
    internal Task UploadAsync(string name, ReadOnlyMemory<byte> file) => Images.WriteAsync(name, file, WriteCondition.None, default);
}
