using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Storage;

namespace Sclip.Chaos.Tests;

/// <summary>What holds of every job in the end, whatever happened on the way.</summary>
internal static class JobAssert
{
    private const long LargestMask = 1L << 20;

    /// <summary>
    /// Waits for the job's summary and for empty queues, and checks that nothing is lost and nothing there twice: each image exactly once in
    /// the results, masks to the byte those of the calm run, counts that add up, no drafts, nothing in the error queues.
    /// </summary>
    /// <param name="cluster">Where.</param>
    /// <param name="job">The job.</param>
    /// <param name="images">Images it has.</param>
    /// <param name="failures">Images that must have failed, with the reason of each.</param>
    public static async Task<IReadOnlyList<ImageResult>> EndsWellAsync(Cluster cluster, JobDocument job, int images, IReadOnlyDictionary<string, string>? failures = null)
    {
        await Poll.UntilAsync($"job {job.Id} is complete", async () => await cluster.Jobs.ReadSummaryAsync(job.Id, default) is not null, () => ExplainAsync(cluster, job));
        await cluster.Queues.UntilEmptyAsync(() => ExplainAsync(cluster, job));
        var results = await ResultsAsync(cluster, job);
        Assert.Equal(images, results.Count);
        Assert.Equal(images, results.Select(result => result.Image).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(failures ?? new Dictionary<string, string>(), results.Where(result => result.Status == ImageStatus.Failed).ToDictionary(result => result.Image, result => result.Reason!));

        var summary = (await cluster.Jobs.ReadSummaryAsync(job.Id, default))!;
        var good = results.Where(result => result.Status == ImageStatus.Ok).ToArray();
        Assert.Equal((images, good.Length, images - good.Length), (summary.Images, summary.Labelled, summary.Failed));
        Assert.Equal(good.Sum(result => (long)result.Windows!), summary.Windows);
        Assert.Equal(good.Sum(result => (long)result.Width! * (long)result.Height!), summary.Pixels.Values.Sum());
        Assert.Equal(images - good.Length, summary.Failures.Values.Sum());

        var masks = await MasksAsync(cluster, job);
        Assert.Equal(good.Select(result => result.Image).Order(StringComparer.Ordinal), masks.Keys.Order(StringComparer.Ordinal));
        foreach (var (image, digest) in masks)
            if (cluster.CalmMasks.TryGetValue(image, out var calm))
                Assert.True(calm == digest, $"The mask of {image} is another than in the calm run.");
        Assert.Empty(await cluster.Jobs.Store.ListAsync(JobNames.Drafts(job.Id), after: null, default).Select(blob => blob.Name).ToArrayAsync());
        return results;
    }

    /// <summary>Digests of a job's masks, by image.</summary>
    public static async Task<Dictionary<string, string>> MasksAsync(Cluster cluster, JobDocument job)
    {
        var digests = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(ListMasksAsync(cluster, job), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (mask, token) =>
            digests[ImageOf(job, mask.Name)] = Convert.ToHexString(SHA256.HashData((await cluster.Jobs.Store.ReadAsync(mask.Name, LargestMask, token)).Bytes)));
        return digests.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The tags of a job's masks, by image: a mask that was written again has another one.</summary>
    public static async Task<Dictionary<string, string>> MaskTagsAsync(Cluster cluster, JobDocument job) =>
        await ListMasksAsync(cluster, job).ToDictionaryAsync(mask => ImageOf(job, mask.Name), mask => mask.ETag, StringComparer.Ordinal);

    /// <summary>Waits until a job has at least so many masks: it is under way, and not at its end.</summary>
    public static async Task<int> HasMasksAsync(Cluster cluster, JobDocument job, int count)
    {
        var masks = 0;
        await Poll.UntilAsync($"{count} images of job {job.Id} are labelled", async () => (masks = await ListMasksAsync(cluster, job).CountAsync()) >= count, () => ExplainAsync(cluster, job));
        return masks;
    }

    /// <summary>How a job, the queues and the workers stand.</summary>
    public static async Task<string> ExplainAsync(Cluster cluster, JobDocument job)
    {
        var status = JsonSerializer.Serialize(await new JobReader(cluster.Jobs, job).ReadAsync(default), Json.Default.JobStatus);
        var drafts = await cluster.Jobs.Store.ListAsync(JobNames.Drafts(job.Id), after: null, default).Select(blob => blob.Name).ToArrayAsync();
        return $"{status}\nDrafts: {string.Join(", ", drafts)}\nQueues: {await cluster.Queues.ExplainAsync()}\nWorkers:\n{cluster.Workers.Output}";
    }

    private static IAsyncEnumerable<BlobEntry> ListMasksAsync(Cluster cluster, JobDocument job) => cluster.Jobs.Store.ListAsync(JobNames.Folder(job.Id) + "masks/", after: null, default);

    private static string ImageOf(JobDocument job, string mask) => mask[(JobNames.Folder(job.Id) + "masks/").Length..^".png".Length];

    private static async Task<List<ImageResult>> ResultsAsync(Cluster cluster, JobDocument job)
    {
        var plan = (await cluster.Jobs.ReadPlanAsync(job.Id, default))!;
        var results = new List<ImageResult>();
        for (var shard = 0; shard < plan.Shards; shard++)
        {
            var done = (await cluster.Jobs.ReadResultAsync(job.Id, shard, default))!;
            Assert.Equal((await cluster.Jobs.ReadShardAsync(job.Id, shard, default))!.Select(image => image.Name), done.Select(result => result.Image));
            results.AddRange(done);
        }
        return results;
    }
}
