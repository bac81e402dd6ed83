using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;
using Sclip.Worker.Shards;

namespace Sclip.Worker.Tests.Shards;

/// <summary>A job of one shard on the file store, and workers that label it.</summary>
internal sealed class ShardFixture : IDisposable, IShardObserver, IDecoderLoss
{
    private readonly TemporaryFolder _folder = new();

    public ShardFixture(int images)
    {
        Images = new TestStore(new FileBlobStore(_folder["photos"]));
        Stores = new JobStores("sclip", new JobBlobs(new FileBlobStore(_folder["sclip"])), _ => Images, job => new SubStore(new FileBlobStore(_folder["sclip"]), JobNames.Folder(job.Id)))
        {
            Features = job => job.FeaturesOf is { } other ? FeatureStore = new TestStore(new SubStore(new FileBlobStore(_folder["sclip"]), JobNames.Folder(other))) : null,
        };
        References = [.. Enumerable.Range(0, images).Select(i => Picture($"{i:00}.jpg"))];
    }

    public TestStore Images { get; }

    /// <summary>Where a job that labels another's features has them from, once it has begun.</summary>
    public TestStore? FeatureStore { get; private set; }

    public JobStores Stores { get; }

    public JobBlobs Jobs => Stores.Jobs;

    public List<ImageReference> References { get; }

    public BrightnessSegmenter Segmenter { get; set; } = new();

    /// <summary>Called for an engine; it is one of <see cref="Segmenter"/> where this gives none.</summary>
    public Func<IEngineLease?>? Engine { get; set; }

    public WatchedDecoder Decoder { get; set; } = new();

    /// <summary>Told of images whose decoder does not come back.</summary>
    public Action<string> OnLost { get; set; } = image => Assert.Fail($"{image} was lost.");

    public Action<ImageResult> OnLabelled { get; set; } = _ => { };

    public JobDocument Job { get; set; } = new()
    {
        Id = "job",
        Created = DateTimeOffset.UnixEpoch,
        Input = new JobInput { Container = "photos" },
        Labels = [new LabelClass { Name = "dark" }, new LabelClass { Name = "bright" }],
        Model = "test/model",
        Settings = new JobSettings { ShortSide = 0 },
        ShardSize = 100,
    };

    public async Task PlanAsync()
    {
        await Jobs.CreateJobAsync(Job, default);
        await Jobs.CreateShardAsync(Job.Id, 0, References, default);
        await Jobs.CreatePlanAsync(Job.Id, new JobPlan { Shards = 1, Images = References.Count }, default);
    }

    public Task<ShardOutcome> RunAsync(string worker, CancellationToken stop = default, CancellationToken abort = default, WorkerOptions? options = null) => new ShardRunner(
        Stores, new Source(this), Decoder, this, options ?? new WorkerOptions { Threads = 1, CheckpointSeconds = 0, QuarantineSeconds = 0 }, new WorkerIdentity(worker), this, NullLogger<ShardRunner>.Instance).RunAsync(Job, 0, stop, abort);

    /// <summary>The draft as a worker leaves it that dies: nobody let the shard go.</summary>
    public async Task DieAsync(string worker, string? current = null, params ImageResult[] done)
    {
        var draft = await Jobs.ReadDraftAsync(Job.Id, 0, default);
        var head = (draft?.Head ?? new ShardDraft()) with { Worker = worker, Current = current };
        await Jobs.WriteDraftAsync(Job.Id, 0, head with { Deliveries = head.Deliveries + 1 }, [.. draft?.Results ?? [], .. done], draft?.ETag, default);
    }

    public void Spoil(ImageReference image, byte[] file) => _folder.Write($"photos/{image.Name}", file);

    public ImageReference Picture(string name, int width = 40)
    {
        var pixels = new byte[width * 30 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i / 3 % width >= width / 2 ? 230 : 20);
        _folder.Write($"photos/{name}", JpegEncoder.Encode(new RgbImage(width, 30, pixels)));
        return new ImageReference { Name = name };
    }

    public static ImageResult Done(string name) => new() { Image = name, Status = ImageStatus.Ok, Mask = $"masks/{name}.png" };

    public void Began(JobDocument job, int shard)
    {
    }

    public void Lose(string image, TimeSpan time) => OnLost(image);

    public void Labelled(JobDocument job, int shard, ImageResult result) => OnLabelled(result);

    public void Ended(JobDocument job, int shard, ShardOutcome outcome)
    {
    }

    public void Failed(Exception error)
    {
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Source(ShardFixture fixture) : IEngineSource
    {
        public Task<IEngineLease> RentAsync(string modelId, string? guideId, IReadOnlyList<LabelClass> classes, IReadOnlyList<string>? templates, CancellationToken cancellationToken) =>
            Task.FromResult(fixture.Engine?.Invoke() ?? new Lease(fixture.Segmenter, LabelSet.Of(classes)));
    }

    private sealed record Lease(ISegmenter Segmenter, LabelSet LabelSet) : IEngineLease
    {
        public ModelDefaults Defaults { get; } = new();

        public FeatureLabeller Labeller => throw new NotSupportedException("It has no model.");

        public EngineGate Gate { get; } = new();

        public LabelEmbeddings Labels { get; } = new() { Values = [], Dimension = 0, ClassOfName = [0, 1], ClassCount = 2 };

        public void Dispose()
        {
        }
    }
}
