using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Bench.Doubles;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Telemetry;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Worker;
using Sclip.Worker.Pipeline;
using Sclip.Worker.Shards;

namespace Sclip.Bench;

/// <summary>Labels shards of photographs with the worker's own code on the file store, but for the engine, which says the same of every picture.</summary>
internal sealed class PipelineBench : IShardObserver, IDecoderLoss
{
    private const int ShardSize = 64;
    private const int Width = 500;
    private const int Height = 375;
    private const int DifferentPictures = 24;
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private int _labelled;

    public static async Task RunAsync(string folder, int images, int threads, int rounds)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var bench = new PipelineBench();
        using var listener = new MeterListener { InstrumentPublished = Listen };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => bench.Count(value, tags));
        listener.Start();
        var account = new FileBlobAccount(folder, durable: false);
        var bytes = await WritePicturesAsync(account.Container("photographs"), images);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{images} JPEGs of {Width} x {Height}, {bytes / 1024.0 / images:F1} kB each, {threads} threads"));
        for (var round = 0; round < rounds; round++)
            await bench.RunRoundAsync(account, $"round-{round}", images, threads);
        Directory.Delete(folder, recursive: true);
    }

    public void Began(JobDocument job, int shard)
    {
    }

    public void Labelled(JobDocument job, int shard, ImageResult result)
    {
        if (result.Status == ImageStatus.Failed)
            throw new InvalidOperationException(result.Error);
        _labelled++;
    }

    public void Ended(JobDocument job, int shard, ShardOutcome outcome)
    {
    }

    public void Failed(Exception error)
    {
    }

    public void Lose(string image, TimeSpan time) => throw new InvalidOperationException($"{image} was not decoded within {time}");

    private async Task RunRoundAsync(IBlobAccount account, string id, int images, int threads)
    {
        var stores = JobStores.Of(account, BenchJob.Container);
        var job = BenchJob.Of(id, ShardSize);
        var engine = new ConstantEngine(job.Labels);
        var runner = new ShardRunner(
            stores, engine, new WatchedDecoder(), this, new WorkerOptions { Threads = threads }, WorkerIdentity.OfProcess(), this, NullLogger<ShardRunner>.Instance);
        var completion = new JobCompletion(stores.Jobs);
        await stores.Jobs.CreateJobAsync(job, CancellationToken.None);
        var shards = Enumerable.Range(0, images).Select(i => new ImageReference { Name = NameOf(i) }).Chunk(ShardSize).ToArray();
        for (var shard = 0; shard < shards.Length; shard++)
            await stores.Jobs.CreateShardAsync(id, shard, shards[shard], CancellationToken.None);
        await stores.Jobs.CreatePlanAsync(id, new JobPlan { Shards = shards.Length, Images = images }, CancellationToken.None);
        _seconds.Clear();
        _labelled = 0;
        var (allocated, collections) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(2));
        var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (var shard = 0; shard < shards.Length; shard++)
        {
            if (await runner.RunAsync(job, shard, CancellationToken.None, CancellationToken.None) != ShardOutcome.Completed)
                throw new InvalidOperationException($"shard {shard} was not completed");
            await completion.TryCompleteAsync(job, CancellationToken.None);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var milliseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / images;
        if (_labelled != images || await stores.Jobs.ReadSummaryAsync(id, CancellationToken.None) is not { } summary || summary.Labelled != images)
            throw new InvalidOperationException($"{_labelled} of {images} images were labelled");
        var all = _seconds.Values.Sum();
        var shares = string.Join(", ", _seconds.OrderByDescending(stage => stage.Value).Select(stage =>
            string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Value * 1000 / images:F2} ms ({stage.Value / all:P0})")));
        var kilobytes = (GC.GetTotalAllocatedBytes() - allocated) / 1024 / images;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {images / seconds,6:F0} images/s, {milliseconds:F2} ms CPU an image ({threads * 1000 / milliseconds:F0} images/s on {threads} free cores)
                   {kilobytes} kB allocated an image, {GC.CollectionCount(2) - collections} full collections
                   {shares}
            """));
    }

    private static string NameOf(int image) => string.Create(CultureInfo.InvariantCulture, $"pictures/{image / 1000:000}/{image:000000}.jpg");

    private static async Task<long> WritePicturesAsync(IBlobStore store, int images)
    {
        var pictures = Enumerable.Range(0, DifferentPictures).Select(seed => Photograph.Jpeg(Width, Height, seed)).ToArray();
        for (var i = 0; i < images; i++)
            await store.WriteAsync(NameOf(i), pictures[i % pictures.Length], WriteCondition.None, CancellationToken.None);
        return Enumerable.Range(0, images).Sum(i => (long)pictures[i % pictures.Length].Length);
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == SclipTelemetry.Name && instrument.Name == "sclip.stage.duration")
            listener.EnableMeasurementEvents(instrument);
    }

    private void Count(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var stage = (string)tags[0].Value!;
        lock (_seconds)
            _seconds[stage] = _seconds.GetValueOrDefault(stage) + value;
    }
}
