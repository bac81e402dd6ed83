using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Stores;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Dashboard.Tests;

/// <summary>A completed job of more images than a page has, whose documents, pictures and masks are written and not computed.</summary>
internal static class WrittenJob
{
    /// <summary>Images of the job: three pages, the last one short.</summary>
    public const int Images = 130;

    /// <summary>The places, from 1, of the images that failed.</summary>
    public static readonly int[] Failed = [3, 70];

    /// <summary>Images of a job that is only planned.</summary>
    public const int Planned = 4;

    private const int ShardSize = 16, Side = 8, WritesAtOnce = 8;
    private static readonly string[] Classes = ["grass", "sky", "brick", "water"];

    /// <summary>The name of the image at a place, from 1.</summary>
    public static string Name(int place) => $"set/{place.ToString("000", CultureInfo.InvariantCulture)}.png";

    /// <summary>Writes the job; its left half is grass, the right one sky. The doubt falls from the first image to the last.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> WriteAsync(DashboardFixture fixture, CancellationToken cancellationToken)
    {
        var stores = fixture.Services.GetRequiredService<JobStores>();
        var container = await fixture.ContainerAsync(0);
        // The first submit would make it.
        await fixture.Services.GetRequiredService<IBlobAccount>().CreateContainerAsync(fixture.Services.GetRequiredService<StoreOptions>().Container, cancellationToken);
        var job = Document($"written-{container[..12]}", container);
        var mask = new MemoryStream();
        MaskEncoder.Write(mask, Enumerable.Range(0, Side * Side).Select(i => (ushort)(i % Side < Side / 2 ? 0 : 1)).ToArray(), Side, Side, Palette.Of(job.Labels));
        await Parallel.ForAsync(1, Images + 1, new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellationToken }, async (place, token) =>
        {
            await stores.Images(job).WriteAsync(Name(place), JobServers.Picture((place - 1) % 8 + 1), WriteCondition.None, token);
            await stores.Outputs(job).WriteAsync(OutputNames.Mask(Name(place)), mask.ToArray(), WriteCondition.None, token);
        });
        var shards = Enumerable.Range(1, Images).Chunk(ShardSize).ToArray();
        for (var shard = 0; shard < shards.Length; shard++)
        {
            await stores.Jobs.CreateShardAsync(job.Id, shard, shards[shard].Select(place => new ImageReference { Name = Name(place) }), cancellationToken);
            await stores.Jobs.CommitResultAsync(job.Id, shard, shards[shard].Select(Result), cancellationToken);
        }
        await stores.Jobs.CreatePlanAsync(job.Id, new JobPlan { Shards = shards.Length, Images = Images }, cancellationToken);
        await stores.Jobs.CreateSummaryAsync(job.Id, new JobSummary
        {
            Images = Images,
            Labelled = Images - Failed.Length,
            Failed = Failed.Length,
            Windows = Images,
            Pixels = new Dictionary<string, long> { ["grass"] = 50, ["sky"] = 50 },
            Failures = new Dictionary<string, long> { ["'…' is no picture."] = Failed.Length },
            Created = job.Created,
            Completed = DateTimeOffset.UtcNow,
        }, cancellationToken);
        await stores.Jobs.CreateJobAsync(job, cancellationToken);
        return job.Id;
    }

    /// <summary>Writes a job that waits: it is planned, and nothing of it is in the queue.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> PlanAsync(DashboardFixture fixture, CancellationToken cancellationToken)
    {
        var stores = fixture.Services.GetRequiredService<JobStores>();
        var container = await fixture.ContainerAsync(Planned);
        await fixture.Account.CreateContainerAsync(fixture.Services.GetRequiredService<StoreOptions>().Container, cancellationToken);
        var job = Document($"planned-{container[..12]}", container);
        await stores.Jobs.CreateShardAsync(job.Id, 0, Enumerable.Range(1, Planned).Select(place => new ImageReference { Name = $"set/scene-{place:00}.png" }), cancellationToken);
        await stores.Jobs.CreatePlanAsync(job.Id, new JobPlan { Shards = 1, Images = Planned }, cancellationToken);
        await stores.Jobs.CreateJobAsync(job, cancellationToken);
        return job.Id;
    }

    private static JobDocument Document(string id, string container) => new()
    {
        Id = id,
        Name = "Written",
        Created = DateTimeOffset.UtcNow.AddMinutes(-10),
        Input = new JobInput { Container = container, Prefix = "set/" },
        Labels = [.. Classes.Select(name => new LabelClass { Name = name })],
        Model = "demo/model",
        Settings = new JobSettings(),
        ShardSize = ShardSize,
    };

    private static ImageResult Result(int place) => Failed.Contains(place)
        ? new ImageResult { Image = Name(place), Status = ImageStatus.Failed, Error = $"'{Name(place)}' is no picture." }
        : new ImageResult
        {
            Image = Name(place),
            Status = ImageStatus.Ok,
            Mask = OutputNames.Mask(Name(place)),
            Width = 256,
            Height = 192,
            Pixels = new Dictionary<string, long> { ["grass"] = 128 * 192, ["sky"] = 128 * 192 },
            Doubt = 1 - (place / 200.0),
            MeanConfidence = place / 200.0,
            Windows = 1,
        };
}
