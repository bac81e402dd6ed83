using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;

namespace Sclip.Chaos.Tests;

/// <summary>What holds of every job in the end, whatever happened on the way.</summary>
internal static class JobAssert
{
    /// <summary>
    /// Waits for the job's summary and for empty queues, also those of failures, and checks that nothing is lost and nothing there twice
    /// (<see cref="JobJudge"/>).
    /// </summary>
    /// <param name="cluster">Where.</param>
    /// <param name="job">The job.</param>
    /// <param name="images">Images it has.</param>
    /// <param name="failures">Images that must have failed, with the reason of each.</param>
    public static async Task<IReadOnlyList<ImageResult>> EndsWellAsync(Cluster cluster, JobDocument job, int images, IReadOnlyDictionary<string, string>? failures = null)
    {
        await Poll.UntilAsync($"job {job.Id} is complete", async () => await cluster.Jobs.ReadSummaryAsync(job.Id, default) is not null, () => ExplainAsync(cluster, job));
        await cluster.Queues.UntilEmptyAsync(() => ExplainAsync(cluster, job));
        var verdict = await JobJudge.JudgeAsync(cluster.Jobs, job.Id, images, failures ?? new Dictionary<string, string>(), cluster.CalmMasks);
        Assert.Empty(verdict.Problems);
        return verdict.Results;
    }

    /// <summary>Digests of a job's masks, by image.</summary>
    public static Task<Dictionary<string, string>> MasksAsync(Cluster cluster, JobDocument job) => JobJudge.MasksAsync(cluster.Jobs, job.Id);

    /// <summary>The tags of a job's masks, by image: a mask that was written again has another one.</summary>
    public static async Task<Dictionary<string, string>> MaskTagsAsync(Cluster cluster, JobDocument job) =>
        await JobJudge.ListMasksAsync(cluster.Jobs, job.Id).ToDictionaryAsync(mask => JobJudge.ImageOf(job.Id, mask.Name), mask => mask.ETag, StringComparer.Ordinal);

    /// <summary>Waits until a job has at least so many masks: it is under way, and not at its end.</summary>
    public static async Task<int> HasMasksAsync(Cluster cluster, JobDocument job, int count)
    {
        var masks = 0;
        await Poll.UntilAsync($"{count} images of job {job.Id} are labelled", async () => (masks = await JobJudge.ListMasksAsync(cluster.Jobs, job.Id).CountAsync()) >= count, () => ExplainAsync(cluster, job));
        return masks;
    }

    /// <summary>How a job, the queues and the workers stand.</summary>
    public static async Task<string> ExplainAsync(Cluster cluster, JobDocument job)
    {
        var status = JsonSerializer.Serialize(await new JobReader(cluster.Jobs, job).ReadAsync(default), Json.Default.JobStatus);
        var drafts = await cluster.Jobs.Store.ListAsync(JobNames.Drafts(job.Id), after: null, default).Select(blob => blob.Name).ToArrayAsync();
        return $"{status}\nDrafts: {string.Join(", ", drafts)}\nQueues: {await cluster.Queues.ExplainAsync()}\nWorkers:\n{cluster.Workers.Output}";
    }
}
