using System.Diagnostics;
using System.Globalization;
using Sclip.Bench.Doubles;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Planning;
using Sclip.Hosting.Messaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Bench;

/// <summary>Plans jobs over ever more blobs in one process, whose peak of memory shows whether it depends on their number.</summary>
internal static class PlanBench
{
    private const int ShardSize = 64;

    public static async Task RunAsync(string? folder)
    {
        foreach (var pictures in (int[])[1_000, 100_000, 1_000_000])
        {
            var (generated, sender) = (new GeneratedStore(pictures), new CountingSender());
            var documents = folder is null ? generated : (IBlobStore)new FileBlobStore(Path.Combine(folder, $"plan-{pictures}"), durable: false);
            var (plan, seconds) = await PlanAsync(generated, documents, sender, ShardSize);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{plan.Images,9} images, {plan.Shards,6} shards, {sender.Sent,6} sent: {seconds,6:F2} s, {plan.Images / seconds,8:F0} images/s, peak {PeakMegabytes(),4} MB"));
        }
    }

    /// <summary>Plans all pictures of a store, with the code that the dispatcher plans with.</summary>
    public static async Task<(JobPlan Plan, double Seconds)> PlanAsync(IBlobStore images, IBlobStore documents, IShardSender sender, int shardSize)
    {
        var job = BenchJob.Of("bench", shardSize);
        var stores = new JobStores(BenchJob.Container, new JobBlobs(documents), _ => images, _ => throw new NotSupportedException());
        var planner = new JobPlanner(stores.Jobs, new JobCompletion(stores.Jobs), sender);
        var (source, rest) = (new JobImages(stores), 0L);
        await stores.Jobs.CreateJobAsync(job, CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        var plan = await planner.PlanAsync(
            job, after => source.StreamAsync(job, after, others => rest = others, CancellationToken.None), () => rest, progress: null, CancellationToken.None);
        return (plan!, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static long PeakMegabytes()
    {
        var peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
