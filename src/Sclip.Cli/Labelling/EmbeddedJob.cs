using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Planning;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Worker;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;
using Sclip.Worker.Shards;

namespace Sclip.Cli.Labelling;

/// <summary>
/// A job in this process: planned, enqueued and labelled by the same code as in a cluster, on the bus's transport in memory. Its documents lie
/// in a hidden folder of the output, and are gone when it ends; what it leaves are masks and results.
/// </summary>
internal sealed class EmbeddedJob(CliContext context, string output, IBlobStore? features, WorkerOptions options, LoadedEngines engines) : IShardObserver, IDecoderLoss, IDisposable
{
    private const string Container = "embedded";
    private const int LeastShard = 64, MostShard = 512, ShardsOfEngine = 4;
    private readonly Channel<ImageResult> _results = Channel.CreateUnbounded<ImageResult>();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
    private readonly Lock _lock = new();
    private readonly HashSet<int> _inWork = [];
    private HashSet<int>? _last;
    private int _done;
    private int? _shards;

    /// <summary>The picture whose decoder has not come back, which ended the job; null where none has.</summary>
    public string? Stuck { get; private set; }

    /// <summary>Labels pictures; results come in their order, with several engines in that of each engine's.</summary>
    public async IAsyncEnumerable<ImageResult> RunAsync(IReadOnlyList<PictureReference> pictures, IReadOnlyList<LabelClass> labels, JobSettings settings)
    {
        var job = new JobDocument
        {
            Id = "run",
            Created = DateTimeOffset.UtcNow,
            Input = new JobInput { Container = Container },
            Labels = labels,
            Model = "local/model",
            Settings = settings,
            // Large ones keep an engine busy, and several each leave none idle at the end.
            ShardSize = Math.Clamp(pictures.Count / (ShardsOfEngine * engines.Count), LeastShard, MostShard),
        };
        using var documents = new JobFolder(output);
        await using var services = Services(documents.Path, pictures);
        var bus = services.GetRequiredService<IBusControl>();
        await bus.StartAsync(context.Abort);
        try
        {
            var plan = PlanAsync(services, job, pictures);
            await foreach (var result in _results.Reader.ReadAllAsync(context.Abort))
                yield return result;
            await plan;
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }

    public void Began(JobDocument job, int shard)
    {
        lock (_lock)
            _inWork.Add(shard);
    }

    public void Labelled(JobDocument job, int shard, ImageResult result) => _results.Writer.TryWrite(result);

    public void Ended(JobDocument job, int shard, ShardOutcome outcome)
    {
        lock (_lock)
        {
            _inWork.Remove(shard);
            // Unfinished means that the run is to stop: it ends once those end that are in work now, and have told what is done of them.
            if (outcome != ShardOutcome.Completed)
                _last ??= [.. _inWork];
            _last?.Remove(shard);
        }
        Count(done: outcome == ShardOutcome.Completed ? 1 : 0, shards: null);
    }

    public void Lose(string image, TimeSpan time)
    {
        Stuck ??= image;
        _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();

    public void Failed(Exception error) => _results.Writer.TryComplete(error);

    private async Task PlanAsync(IServiceProvider services, JobDocument job, IReadOnlyList<PictureReference> pictures)
    {
        try
        {
            await services.GetRequiredService<JobBlobs>().CreateJobAsync(job, context.Abort);
            var plan = await services.GetRequiredService<JobPlanner>().PlanAsync(job, _ => References(pictures).ToAsyncEnumerable(), () => 0, progress: null, context.Abort);
            Count(done: 0, plan?.Shards ?? 0);
        }
        catch (Exception error)
        {
            _results.Writer.TryComplete(error);
        }
    }

    private void Count(int done, int? shards)
    {
        lock (_lock)
        {
            _done += done;
            _shards ??= shards;
            if (_done == _shards || _last is { Count: 0 })
                _results.Writer.TryComplete();
        }
    }

    private ServiceProvider Services(string documents, IReadOnlyList<PictureReference> pictures)
    {
        // A run that a loss of power ended looks at each mask, and labels again those that are not whole; its documents end with it anyway.
        var (images, outputs, records) = (new LocalPictures(pictures), new FileBlobStore(output, durable: false), new FileBlobStore(documents, durable: false));
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(new JobStores(Container, new JobBlobs(records), _ => images, _ => outputs) { Features = _ => features });
        services.AddSingleton(provider => provider.GetRequiredService<JobStores>().Jobs).AddSingleton<JobCompletion>().AddSingleton<JobImages>().AddSingleton<JobPlanner>();
        services.AddSingleton<IEngineSource>(engines).AddSingleton(new WorkerLifetime(_stop.Token, context.Abort)).AddSingleton<IShardObserver>(this);
        services.AddSingleton<IDecoderLoss>(this).AddSingleton(context.Decoder with { Time = TimeSpan.FromSeconds(options.PictureSeconds) });
        return services.AddShardRunner(options).AddEmbeddedBus(engines.Count).BuildServiceProvider();
    }

    private static IEnumerable<ImageReference> References(IReadOnlyList<PictureReference> pictures) =>
        pictures.Select(picture => new ImageReference { Name = picture.Name, Bytes = picture.Bytes, Modified = picture.Modified });
}
