using System.Globalization;
using System.Runtime.InteropServices;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Bench.Doubles;

/// <summary>
/// A store of many jobs of 15 shards and 1,000 images each: most of them ended, some cancelled or failed, a few open. Every document of every job is there. All jobs
/// label the same pictures, so that their shard lists and results, of which there are a few sorts, are hard links to those of their sort.
/// </summary>
internal static partial class FleetStore
{
    public const int Shards = 15, Images = 1_000;

    /// <summary>A class of every hundredth job.</summary>
    public const string RareClass = "lighthouse";

    private const int ShardSize = 67;
    private const int Open = 12;
    private const int DoneOfOpen = 7;
    private const int FailedImages = 30;
    private const int WritesAtOnce = 4;
    private const string Marker = "complete";
    private static readonly DateTimeOffset Newest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private enum Kind
    {
        Completed,
        WithFailures,
        Cancelled,
        Failed,
        Open,
    }

    public static string Id(int place) => string.Create(CultureInfo.InvariantCulture, $"f{place:00000}");

    public static string Name(int place) => string.Create(CultureInfo.InvariantCulture, $"Harbour {place}");

    public static string Input(int place) => string.Create(CultureInfo.InvariantCulture, $"camera-{place % 70}");

    public static string Model(int place) => string.Create(CultureInfo.InvariantCulture, $"bench/vit-{place % 9}");

    /// <summary>Writes the jobs, a minute between them, unless they are there.</summary>
    /// <param name="root">Folder of the store.</param>
    /// <param name="jobs">How many.</param>
    public static async Task WriteAsync(string root, int jobs)
    {
        var marker = Path.Combine(root, Marker);
        if (File.Exists(marker))
            return;
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        await Task.WhenAll(WriteSortAsync(root, withFailures: false), WriteSortAsync(root, withFailures: true));
        var blobs = new JobBlobs(new FileBlobAccount(root, durable: false).Container(BenchJob.Container));
        await Parallel.ForAsync(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce }, async (place, token) => await WriteJobAsync(root, blobs, place, token));
        await File.WriteAllTextAsync(marker, "");
    }

    private static string SortOf(bool withFailures) => withFailures ? "with-failures" : "without-failures";

    private static async Task WriteSortAsync(string root, bool withFailures)
    {
        var sort = SortOf(withFailures);
        var blobs = new JobBlobs(new FileBlobAccount(root, durable: false).Container(sort));
        for (var shard = 0; shard < Shards; shard++)
        {
            var images = Enumerable.Range(shard * ShardSize, Math.Min(ShardSize, Images - shard * ShardSize)).ToArray();
            await blobs.CreateShardAsync(sort, shard, images.Select(image => new ImageReference { Name = Picture(image), Bytes = 50_000, ETag = "0x8DCF0A1B2C3D4E5" }), CancellationToken.None);
            await blobs.CommitResultAsync(sort, shard, images.Select(image => Result(image, withFailures && image < FailedImages)), CancellationToken.None);
        }
    }

    private static async Task WriteJobAsync(string root, JobBlobs blobs, int place, CancellationToken cancellationToken)
    {
        var (id, kind, created) = (Id(place), KindOf(place), Newest.AddMinutes(-place));
        await blobs.CreateJobAsync(BenchJob.Of(id, ShardSize) with
        {
            Name = Name(place),
            Created = created,
            Input = new JobInput { Container = Input(place), Prefix = "pictures/" },
            Labels = [new LabelClass { Name = "sky" }, new LabelClass { Name = place % 100 == 3 ? RareClass : "water" }, .. Enumerable.Range(place % 10, 19).Select(number => new LabelClass { Name = $"class {number}" })],
            Model = Model(place),
            Priority = place % 50 == 1 ? 7 : 0,
        }, cancellationToken);
        await blobs.CreatePlanAsync(id, new JobPlan { Shards = Shards, Images = Images }, cancellationToken);
        Link(root, JobNames.Shards, id, kind, Shards);
        Link(root, JobNames.Results, id, kind, kind is Kind.Completed or Kind.WithFailures ? Shards : DoneOfOpen);
        if (kind is Kind.Cancelled)
            await blobs.CancelAsync(id, cancellationToken);
        else if (kind is Kind.Failed)
            await blobs.FailAsync(id, new JobFailure { Reason = $"The model {Model(place)} cannot be had.", Time = created.AddMinutes(3) }, cancellationToken);
        else if (kind is not Kind.Open)
            await blobs.CreateSummaryAsync(id, Summary(kind, created), cancellationToken);
    }

    private static Kind KindOf(int place) => place < Open ? Kind.Open
        : (place % 100) switch
        {
            15 or 45 or 75 => Kind.Cancelled,
            33 => Kind.Failed,
            var other => other % 10 == 0 ? Kind.WithFailures : Kind.Completed,
        };

    /// <summary>Gives a job the first files of its sort.</summary>
    private static void Link(string root, Func<string, string> folderOf, string id, Kind kind, int files)
    {
        var sort = SortOf(kind is Kind.WithFailures);
        var (from, to) = (Path.Combine(root, sort, folderOf(sort)), Path.Combine(root, BenchJob.Container, folderOf(id)));
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Order(StringComparer.Ordinal).Take(files))
            if (HardLink(file, Path.Combine(to, Path.GetFileName(file))) != 0)
                throw new IOException($"{file} cannot be linked into {to}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static string Picture(int image) => string.Create(CultureInfo.InvariantCulture, $"pictures/picture-{image:0000}.jpg");

    private static ImageResult Result(int image, bool isFailed) => isFailed
        ? new ImageResult { Image = Picture(image), Status = ImageStatus.Failed, Error = "The picture is damaged.", Reason = FailureReasons.Damaged }
        : new ImageResult
        {
            Image = Picture(image),
            Status = ImageStatus.Ok,
            Mask = $"masks/{Picture(image)}.png",
            Width = 640,
            Height = 480,
            MeanConfidence = image / (double)Images,
            Doubt = 1 - image / (double)Images,
            Pixels = new Dictionary<string, long> { ["sky"] = 300_000, ["class 12"] = 7_200 },
            ClassDoubt = new Dictionary<string, double> { ["sky"] = 0.25, ["class 12"] = 0.5 },
            Windows = 6,
            InputBytes = 50_000,
            InputETag = "0x8DCF0A1B2C3D4E5",
            Timings = new ImageTimings(1.2, 3.4, 120.5, 2.1, 4.3),
        };

    // Without the seconds of workers, which builds before the list of all jobs refuse.
    private static JobSummary Summary(Kind kind, DateTimeOffset created)
    {
        var failed = kind is Kind.WithFailures ? FailedImages : 0;
        return new JobSummary
        {
            Images = Images,
            Labelled = Images - failed,
            Failed = failed,
            Windows = 6 * (Images - failed),
            Pixels = new Dictionary<string, long> { ["sky"] = 300_000L * (Images - failed), ["class 12"] = 7_200L * (Images - failed) },
            Failures = failed == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { [FailureReasons.Damaged] = failed },
            Created = created,
            Completed = created.AddMinutes(5),
        };
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string from, string to);
}
