using Sclip.Contracts.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Chaos.Tests;

/// <summary>A cluster with workers.</summary>
public class Cluster : ChaosCluster, IAsyncLifetime
{
    /// <summary>Deliveries of a message after which the broker gives it up: more than any test but one makes.</summary>
    public const int DeliveryLimit = 25;

    public Cluster()
        : this([])
    {
    }

    private protected Cluster(string[] brokerSettings)
        : base(new RabbitMqServer(brokerSettings), DeliveryLimit)
    {
    }

    internal Workers Workers { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Workers = new(Addresses, Faults);
        Workers.Have(3);
        var job = await SubmitAsync();
        await JobAssert.EndsWellAsync(this, job, Pictures.Count);
        CalmMasks = await JobJudge.MasksAsync(Jobs, job.Id);
    }

    public override async ValueTask DisposeAsync()
    {
        TestContext.Current.SendDiagnosticMessage(Faults.ToString());
        Workers?.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

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
}
