using System.Globalization;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage.Jobs;

namespace Sclip.Dashboard.Tests;

/// <summary>Documents of many jobs, as a store has them after weeks. There is no picture behind them.</summary>
internal static class ManyJobs
{
    /// <summary>The first jobs wait: they are planned, and nothing of them is enqueued.</summary>
    public const int Waiting = 12;

    /// <summary>The place of the job whose name is a script to whoever takes it for markup; it waits.</summary>
    public const int Hostile = 2;

    /// <summary>A class of every hundredth job.</summary>
    public const string RareClass = "lighthouse";

    /// <summary>Why images of every tenth job failed.</summary>
    public const string Failure = "'…' is <i>no</i> picture.";

    private const int WritesAtOnce = 8;
    private const int Images = 640;

    public static string Id(int place) => $"g{place.ToString("00000", CultureInfo.InvariantCulture)}";

    public static string Name(int place) => place == Hostile ? DashboardFixture.Hostile : $"Harbour {place.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Writes jobs, a minute between them; the first is the newest.</summary>
    public static Task WriteAsync(JobBlobs jobs, int count, DateTimeOffset newest, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce, CancellationToken = cancellationToken },
            async (place, token) => await WriteOneAsync(jobs, place, newest.AddMinutes(-place), token));

    /// <summary>Writes one job.</summary>
    public static async Task WriteOneAsync(JobBlobs jobs, int place, DateTimeOffset created, CancellationToken cancellationToken)
    {
        var id = Id(place);
        await jobs.CreateJobAsync(new JobDocument
        {
            Id = id,
            Name = Name(place),
            Created = created,
            Input = new JobInput { Container = "photos", Prefix = $"{place % 7}/" },
            Labels = [new LabelClass { Name = "sky" }, new LabelClass { Name = place % 100 == 3 ? RareClass : "water" }],
            Model = "demo/model",
            Settings = new JobSettings(),
            ShardSize = 64,
            Priority = place % 50 == 1 ? 7 : 0,
        }, cancellationToken);
        await jobs.CreatePlanAsync(id, new JobPlan { Shards = Images / 64, Images = Images }, cancellationToken);
        if (place < Waiting)
            return;
        if (place % 20 == 15)
            await jobs.CancelAsync(id, cancellationToken);
        else
            await jobs.CreateSummaryAsync(id, Summary(place, created), cancellationToken);
    }

    private static JobSummary Summary(int place, DateTimeOffset created)
    {
        var failed = place % 10 == 0 ? 1 + place % 30 : 0;
        return new JobSummary
        {
            Images = Images,
            Labelled = Images - failed,
            Failed = failed,
            Windows = 6 * Images,
            Pixels = new Dictionary<string, long> { ["sky"] = 1000 },
            Failures = failed == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { [Failure] = failed },
            Created = created,
            Completed = created.AddMinutes(5),
        };
    }
}
