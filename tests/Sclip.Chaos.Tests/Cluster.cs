using System.Globalization;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Chaos.Tests;

/// <summary>
/// A broker, a blob server, workers, and what submits jobs; all but the tests' own looks at the blobs goes through relays that a test can cut.
/// </summary>
public class Cluster : IAsyncLifetime
{
    /// <summary>Deliveries of a message after which the broker gives it up: more than any test but one makes.</summary>
    public const int DeliveryLimit = 25;

    private ServiceProvider _services = null!;

    public Cluster()
        : this([])
    {
    }

    private protected Cluster(string[] brokerSettings) => Broker = new(brokerSettings);

    internal Faults Faults { get; } = new();

    internal RabbitMqServer Broker { get; }

    internal AzuriteServer Azurite { get; } = new();

    internal TcpRelay BrokerRelay { get; private set; } = null!;

    internal TcpRelay StoreRelay { get; private set; } = null!;

    internal Workers Workers { get; private set; } = null!;

    internal RawQueues Queues { get; private set; } = null!;

    /// <summary>The jobs, past the relay.</summary>
    internal JobBlobs Jobs { get; private set; } = null!;

    internal IBlobStore Images { get; private set; } = null!;

    internal JobSubmission Submission => _services.GetRequiredService<JobSubmission>();

    internal JobControl Control => _services.GetRequiredService<JobControl>();

    internal IShardSender Sender => _services.GetRequiredService<IShardSender>();

    internal IBus Bus => _services.GetRequiredService<IBus>();

    /// <summary>The classes.</summary>
    internal IReadOnlyList<LabelClass> Labels { get; } = LabelSet.Load(Path.Combine(Repository.Root, "models", "demo", "labels.json")).Classes;

    /// <summary>Digests of the masks of a run that nothing disturbed, by the image's file.</summary>
    internal IReadOnlyDictionary<string, string> CalmMasks { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(Broker.StartAsync(), Azurite.StartAsync());
        BrokerRelay = new(Broker.Port);
        StoreRelay = new(Azurite.Port);
        Queues = new(Broker);
        var address = new UriBuilder(Broker.Uri) { Port = BrokerRelay.Port }.Uri;
        var store = AzuriteServer.ConnectionStringFor(StoreRelay.Port);
        Workers = new(address, store, Faults);
        Workers.Have(3);
        var account = new AzureBlobAccount(Azurite.ConnectionString);
        (Jobs, Images) = (new(account.Container(new StoreOptions().Container)), account.Container(Pictures.Container));
        await account.CreateContainerAsync(Pictures.Container, default);
        await Pictures.UploadAllAsync(Images);
        await StartSessionAsync(address, store);
        var job = await SubmitAsync();
        await JobAssert.EndsWellAsync(this, job, Pictures.Count);
        CalmMasks = await JobAssert.MasksAsync(this, job);
    }

    public async ValueTask DisposeAsync()
    {
        TestContext.Current.SendDiagnosticMessage(Faults.ToString());
        Workers.Dispose();
        await _services.GetRequiredService<IBusControl>().StopAsync();
        await _services.DisposeAsync();
        await BrokerRelay.DisposeAsync();
        await StoreRelay.DisposeAsync();
        await Broker.DisposeAsync();
        await Azurite.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Puts a file among the images.</summary>
    internal Task UploadAsync(string name, ReadOnlyMemory<byte> file) => Images.WriteAsync(name, file, WriteCondition.None, default);

    /// <summary>Submits a job of its own and plans it.</summary>
    internal async Task<JobDocument> SubmitAsync(string prefix = Pictures.Prefix, IReadOnlyList<string>? images = null, int shardSize = 10, int priority = 0, string model = "demo/model")
    {
        var request = new JobRequest
        {
            Input = images is null ? $"{Pictures.Container}/{prefix}" : Pictures.Container,
            Images = images,
            Labels = Labels,
            Model = model,
            ShardSize = shardSize,
            Priority = priority,
            New = true,
        };
        var (job, isNew) = await Submission.SubmitAsync(request, default);
        Assert.True(isNew);
        Assert.NotNull(await Control.PlanAsync(job, progress: null, default));
        return job;
    }

    private async Task StartSessionAsync(Uri broker, string store)
    {
        var settings = new Dictionary<string, string?> { ["Broker:Uri"] = broker.ToString(), ["Broker:DeliveryLimit"] = DeliveryLimit.ToString(CultureInfo.InvariantCulture), ["Store:Connection"] = store };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddSclipStore(configuration).AddSclipBus(configuration).AddJobControl();
        _services = services.BuildServiceProvider();
        await _services.GetRequiredService<IBusControl>().StartAsync();
    }
}
