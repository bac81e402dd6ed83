using System.Diagnostics;
using System.Globalization;
using Sclip.Bench.Doubles;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Gallery;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Bench;

/// <summary>The first page of a job's gallery by its index, for a job of as many images as asked for, whose documents are generated.</summary>
internal static class GalleryBench
{
    private const int ShardSize = 64;
    private const int Rounds = 9;
    private const string Class = "class 3";

    // Common to a tenth of the failures, so that few images of a large job have it.
    private const string Error = "The picture is damaged: kind 7.";

    private static readonly (string Text, GalleryQuery Query)[] Questions =
    [
        ("in order", new()),
        ("by name", new() { Order = ImageOrder.Name }),
        ("most in doubt", new() { Order = ImageOrder.Doubt }),
        ("most in doubt, open", new() { Order = ImageOrder.Doubt, Review = ReviewFilter.Open }),
        ("least confident, labelled", new() { Order = ImageOrder.Confidence, Status = ImageStatus.Ok }),
        ("failed, by doubt", new() { Order = ImageOrder.Doubt, Status = ImageStatus.Failed }),
        ("one failure's words", new() { Error = Error }),
        ("a class, its doubt", new() { Class = Class, Order = ImageOrder.Doubt }),
        ("a class, its share", new() { Class = Class, Order = ImageOrder.Share }),
        ("a class, by name", new() { Class = Class, Order = ImageOrder.Name }),
        ("a class, least confident", new() { Class = Class, Order = ImageOrder.Confidence }),
        ("the page of one image, by doubt", new() { Order = ImageOrder.Doubt, At = Name(0, 17) }),
        ("offset of half the job, by doubt", new() { Order = ImageOrder.Doubt, Offset = -1 }),
        ("a part of the name, few match", new() { Search = "00-0017" }),
        ("a part of the name, many match", new() { Search = "picture", Order = ImageOrder.Doubt }),
    ];

    public static async Task RunAsync(string folder, int images)
    {
        var stores = StoresOf(new FileBlobStore(Path.Combine(folder, $"gallery-{images}"), durable: false));
        var job = BenchJob.Of("gallery", ShardSize) with { Created = DateTimeOffset.UnixEpoch };
        await GenerateAsync(stores.Jobs, job, images);
        var indexes = Path.Combine(folder, $"gallery-{images}-index");
        if (Directory.Exists(indexes))
            Directory.Delete(indexes, recursive: true);

        var start = Stopwatch.GetTimestamp();
        using (var index = Open())
        {
            await BuildAsync(index);
            Report($"index of {images} images: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        }
        Report($"    size {Directory.EnumerateFiles(indexes).Sum(file => new FileInfo(file).Length) / 1e6:F0} MB, peak of memory {Peak()} MB");
        using var kept = Open();
        await BuildAsync(kept);
        foreach (var (text, question) in Questions)
        {
            var query = question.Offset < 0 ? question with { Offset = images / 2 } : question;
            var milliseconds = new List<double>();
            var total = 0L;
            for (var round = 0; round <= Rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                total = (await kept.FindAsync(query, CancellationToken.None))!.Total;
                milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            Report($"{text,-34} of {total,8}: first {milliseconds[0],7:F1} ms, then {milliseconds.Skip(1).Order().ElementAt(Rounds / 2),7:F1} ms");
        }

        JobIndex Open() => new(stores, job, indexes, new GalleryTurns(), CancellationToken.None);
    }

    private static JobStores StoresOf(IBlobStore store) => new(BenchJob.Container, new JobBlobs(store), _ => throw new NotSupportedException(), _ => throw new NotSupportedException());

    private static async Task BuildAsync(JobIndex index)
    {
        while (!(await index.FindAsync(new GalleryQuery { Limit = 1 }, CancellationToken.None))!.Complete)
        {
        }
    }

    private static async Task GenerateAsync(JobBlobs jobs, JobDocument job, int images)
    {
        if (await jobs.ReadSummaryAsync(job.Id, CancellationToken.None) is not null)
            return;
        var classes = job.Labels.Select(label => label.Name).ToArray();
        for (var shard = 0; shard * ShardSize < images; shard++)
        {
            var random = new Random(shard);
            await jobs.CommitResultAsync(job.Id, shard, Enumerable.Range(0, Math.Min(ShardSize, images - shard * ShardSize)).Select(line => Result(random, Name(shard, line), classes)), CancellationToken.None);
        }
        await jobs.CreateJobAsync(job, CancellationToken.None);
        await jobs.CreateSummaryAsync(
            job.Id,
            new JobSummary { Images = images, Labelled = images, Failed = 0, Windows = 0, Pixels = new Dictionary<string, long>(), Failures = new Dictionary<string, long>(), Created = job.Created, Completed = job.Created },
            CancellationToken.None);
    }

    private static string Name(int shard, int line) => string.Create(CultureInfo.InvariantCulture, $"pictures/{shard / 100:0000}/picture-{shard % 100:00}-{line:0000}.jpg");

    private static ImageResult Result(Random random, string name, string[] classes)
    {
        if (random.Next(100) == 0)
            return new ImageResult { Image = name, Status = ImageStatus.Failed, Error = $"The picture is damaged: kind {random.Next(10)}.", Reason = FailureReasons.Damaged };
        // The first classes are in most pictures, the last in few.
        var present = classes.Where((_, place) => random.Next(classes.Length) > place * 1.6).ToArray();
        return new ImageResult
        {
            Image = name,
            Status = ImageStatus.Ok,
            Mask = $"masks/{name}.png",
            Width = 640,
            Height = 480,
            MeanConfidence = Math.Round(random.NextDouble(), 6),
            Doubt = Math.Round(random.NextDouble(), 6),
            Pixels = present.ToDictionary(present => present, _ => random.NextInt64(1, 100_000)),
            ClassDoubt = present.ToDictionary(present => present, _ => Math.Round(random.NextDouble(), 6)),
            Windows = 6,
            InputBytes = 50_000,
            InputETag = "0x8DCF0A1B2C3D4E5",
            Timings = new ImageTimings(1.2, 3.4, 120.5, 2.1, 4.3),
        };
    }

    private static string Peak() => File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] is { } peak
        ? string.Create(CultureInfo.InvariantCulture, $"{long.Parse(peak, CultureInfo.InvariantCulture) / 1024}")
        : "?";

    private static void Report(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
