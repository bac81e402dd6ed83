using System.Collections.Concurrent;
using System.Security.Cryptography;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Chaos;

/// <summary>What holds of every complete job, whatever happened on the way.</summary>
internal static class JobJudge
{
    private const long LargestMask = 1L << 20;

    /// <summary>
    /// Looks whether anything is lost or there twice: each image exactly once in the results, in order, masks to the byte those of the calm
    /// run, counts that add up, no drafts.
    /// </summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="id">The job, which is complete.</param>
    /// <param name="images">Images it has.</param>
    /// <param name="failures">Images that must have failed, with the reason of each.</param>
    /// <param name="calm">Digests of the masks of a run that nothing disturbed; images that are not in it are not compared.</param>
    public static async Task<JobVerdict> JudgeAsync(JobBlobs jobs, string id, int images, IReadOnlyDictionary<string, string> failures, IReadOnlyDictionary<string, string> calm)
    {
        var problems = new List<string>();
        var results = await ResultsAsync(jobs, id, problems);
        Expect(results.Count == images, $"{results.Count} results of {images} images");
        foreach (var twice in results.GroupBy(result => result.Image, StringComparer.Ordinal).Where(image => image.Skip(1).Any()))
            problems.Add($"{twice.Key} is {twice.Count()} times in the results");
        var failed = results.Where(result => result.Status == ImageStatus.Failed).ToArray();
        foreach (var result in failed.Where(result => failures.GetValueOrDefault(result.Image) != result.Reason))
            problems.Add($"{result.Image} failed: {result.Reason}: {result.Error}");
        foreach (var (image, reason) in failures)
            Expect(failed.Any(result => result.Image == image), $"{image} should have failed: {reason}");

        var good = results.Where(result => result.Status == ImageStatus.Ok).ToArray();
        if (await jobs.ReadSummaryAsync(id, default) is { } summary)
        {
            Expect((summary.Images, summary.Labelled, summary.Failed) == (results.Count, good.Length, failed.Length), $"the summary counts {summary.Images} images, {summary.Labelled} labelled, {summary.Failed} failed");
            Expect(summary.Windows == good.Sum(result => (long)result.Windows!), $"the summary counts {summary.Windows} windows");
            Expect(summary.Pixels.Values.Sum() == good.Sum(result => (long)result.Width! * (long)result.Height!), $"the summary counts {summary.Pixels.Values.Sum()} pixels");
            Expect(summary.Failures.Values.Sum() == failed.Length, $"the summary counts {summary.Failures.Values.Sum()} failures");
        }
        else
        {
            problems.Add("there is no summary");
        }

        var masks = await MasksAsync(jobs, id);
        foreach (var image in good.Select(result => result.Image).Where(image => !masks.ContainsKey(image)))
            problems.Add($"{image} has no mask");
        foreach (var image in masks.Keys.Except(good.Select(result => result.Image), StringComparer.Ordinal))
            problems.Add($"{image} has a mask, and is not labelled");
        problems.AddRange(WrongMasks(masks, calm));
        await foreach (var draft in jobs.Store.ListAsync(JobNames.Drafts(id), after: null, default))
            problems.Add($"{draft.Name} is left");
        return new JobVerdict(results, problems);

        void Expect(bool holds, string otherwise)
        {
            if (!holds)
                problems.Add(otherwise);
        }
    }

    /// <summary>What is wrong with masks beside those of a calm run; images that are not in that are not compared.</summary>
    public static IEnumerable<string> WrongMasks(IReadOnlyDictionary<string, string> masks, IReadOnlyDictionary<string, string> calm) =>
        masks.Where(mask => calm.TryGetValue(mask.Key, out var digest) && digest != mask.Value).Select(mask => $"the mask of {mask.Key} is another than in the calm run");

    /// <summary>Digests of a job's masks, by image.</summary>
    public static async Task<Dictionary<string, string>> MasksAsync(JobBlobs jobs, string id)
    {
        var digests = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(ListMasksAsync(jobs, id), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (mask, token) =>
            digests[ImageOf(id, mask.Name)] = Convert.ToHexString(SHA256.HashData((await jobs.Store.ReadAsync(mask.Name, LargestMask, token)).Bytes)));
        return digests.ToDictionary(StringComparer.Ordinal);
    }

    public static IAsyncEnumerable<BlobEntry> ListMasksAsync(JobBlobs jobs, string id) => jobs.Store.ListAsync(JobNames.Folder(id) + "masks/", after: null, default);

    public static string ImageOf(string id, string mask) => mask[(JobNames.Folder(id) + "masks/").Length..^".png".Length];

    private static async Task<List<ImageResult>> ResultsAsync(JobBlobs jobs, string id, List<string> problems)
    {
        var results = new List<ImageResult>();
        if (await jobs.ReadPlanAsync(id, default) is not { } plan)
        {
            problems.Add("there is no plan");
            return results;
        }
        for (var shard = 0; shard < plan.Shards; shard++)
        {
            var planned = await jobs.ReadShardAsync(id, shard, default) ?? [];
            var done = await jobs.ReadResultAsync(id, shard, default);
            if (done is null)
                problems.Add($"shard {shard} has no results");
            else if (!planned.Select(image => image.Name).SequenceEqual(done.Select(result => result.Image), StringComparer.Ordinal))
                problems.Add($"the results of shard {shard} are not those of its images");
            results.AddRange(done ?? []);
        }
        return results;
    }
}
