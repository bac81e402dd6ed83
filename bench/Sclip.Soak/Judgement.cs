using System.Text.Json;
using Sclip.Chaos;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Soak.Cluster;
using Sclip.Soak.Jobs;

namespace Sclip.Soak;

/// <summary>Looks, when the faults of a round are over, whether all jobs of it ended as they must, and clears them away.</summary>
internal sealed class Judgement(SoakCluster cluster, JobFlow flow, Report report)
{
    private const int MostRetries = 5;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);

    public int Jobs { get; private set; }

    public long Images { get; private set; }

    /// <summary>Pictures that were at work alone when a fault killed the worker for the third time, and became what they must by a retry.</summary>
    public int Blamed { get; private set; }

    public async Task JudgeAsync(CancellationToken cancellationToken)
    {
        var jobs = flow.Jobs;
        await CompleteAsync(jobs, cancellationToken);
        await EmptyQueuesAsync();
        foreach (var job in jobs.Where(job => job.Took is not null))
            await (job.IsHopeless ? JudgeHopelessAsync(job, cancellationToken) : JudgeAsync(job, cancellationToken));
        flow.Forget(jobs);
        await foreach (var blob in cluster.Jobs.Store.ListAsync("", after: null, cancellationToken))
            if (!jobs.Select(job => job.Id).Concat(_wrong).Any(id => blob.Name.StartsWith(JobNames.Folder(id), StringComparison.Ordinal)))
                report.Break($"{blob.Name} is left, and no job's.");
    }

    private async Task CompleteAsync(IReadOnlyList<SoakJob> jobs, CancellationToken cancellationToken)
    {
        var end = DateTimeOffset.UtcNow + Patience + TimeSpan.FromSeconds(jobs.Where(job => job.IsOpen).Sum(job => job.Seconds));
        while (jobs.Any(job => job.IsOpen) && DateTimeOffset.UtcNow < end)
        {
            await flow.LookAsync(cancellationToken);
            await Task.Delay(Look, cancellationToken);
        }
        foreach (var job in jobs.Where(job => job.Took is null))
            report.Break($"{job} is not complete: {await ExplainAsync(job)}");
    }

    private async Task EmptyQueuesAsync()
    {
        try
        {
            await cluster.Queues.UntilEmptyAsync();
        }
        catch (TimeoutException)
        {
            report.Break($"the queues are not empty: {await cluster.Queues.ExplainAsync()}");
        }
    }

    private async Task JudgeAsync(SoakJob job, CancellationToken cancellationToken)
    {
        var verdict = await JobJudge.JudgeAsync(cluster.Jobs, job.Id, job.Images, job.Failures, cluster.CalmMasks);
        for (var retry = 0; retry < MostRetries && BlamedOf(job, verdict) is { Length: > 0 } blamed; retry++)
        {
            // By design: of a shard whose workers died twice without progress, images are taken alone, and the third death is that image's.
            Blamed += blamed.Length;
            report.Say($"{job.Id}: retried, since workers were killed at {string.Join(", ", blamed)}");
            job.Reopen();
            await flow.RetryAsync(job, failed: true, cancellationToken);
            await CompleteAgainAsync(job, cancellationToken);
            await EmptyQueuesAsync();
            verdict = await JobJudge.JudgeAsync(cluster.Jobs, job.Id, job.Images, job.Failures, cluster.CalmMasks);
        }
        // The last is a note of what a job waited for, which ends by its own time: the worker that wrote it may have died.
        string[] documents = [JobNames.Job(job.Id), JobNames.InputList(job.Id), JobNames.Plan(job.Id), JobNames.Summary(job.Id), $"{JobNames.Folder(job.Id)}waiting.json"];
        var known = documents.Concat(Enumerable.Range(0, job.Shards).SelectMany(shard => new[] { JobNames.Shard(job.Id, shard), JobNames.Result(job.Id, shard), JobNames.Draft(job.Id, shard) })).ToHashSet(StringComparer.Ordinal);
        var left = (await BlobsAsync(job, cancellationToken)).Where(name => !known.Contains(name) && !name.StartsWith($"{JobNames.Folder(job.Id)}masks/", StringComparison.Ordinal));
        await ConcludeAsync(job, [.. verdict.Problems, .. left.Select(name => $"{name} is left")], cancellationToken);
    }

    /// <summary>A job that no worker can do says so, and has labelled nothing.</summary>
    private async Task JudgeHopelessAsync(SoakJob job, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        if (await cluster.Jobs.ReadFailureAsync(job.Id, cancellationToken) is not { } failure || !failure.Reason.Contains(job.Request.Model!, StringComparison.Ordinal))
            problems.Add("it has not failed for its model");
        problems.AddRange((await BlobsAsync(job, cancellationToken)).Where(IsOutput).Select(name => $"{name} is there"));
        await ConcludeAsync(job, problems, cancellationToken);

        bool IsOutput(string name) => new[] { JobNames.Results(job.Id), JobNames.Drafts(job.Id), $"{JobNames.Folder(job.Id)}masks/", JobNames.Summary(job.Id) }.Any(output => name.StartsWith(output, StringComparison.Ordinal));
    }

    private async Task ConcludeAsync(SoakJob job, IReadOnlyList<string> problems, CancellationToken cancellationToken)
    {
        (Jobs, Images) = (Jobs + 1, Images + job.Images);
        foreach (var problem in problems)
            report.Break($"{job}: {problem}");
        if (problems.Count > 0)
        {
            // Kept, to be looked at; and told once.
            _wrong.Add(job.Id);
            return;
        }
        report.Say($"job {job}: {(job.IsHopeless ? "failed as it must" : "well")}, in {job.Took!.Value.TotalSeconds:0.0} s{(job.Failures.Count > 0 ? $"; failed as they must: {job.Failures.Count}" : "")}");
        await Parallel.ForEachAsync(await BlobsAsync(job, cancellationToken), cancellationToken, async (name, token) => await cluster.Jobs.Store.DeleteAsync(name, token));
    }

    private ValueTask<List<string>> BlobsAsync(SoakJob job, CancellationToken cancellationToken) =>
        cluster.Jobs.Store.ListAsync(JobNames.Folder(job.Id), after: null, cancellationToken).Select(blob => blob.Name).ToListAsync(cancellationToken);

    private async Task CompleteAgainAsync(SoakJob job, CancellationToken cancellationToken)
    {
        var end = DateTimeOffset.UtcNow + Patience;
        do
        {
            await Task.Delay(Look, cancellationToken);
            await flow.LookAsync(cancellationToken);
        }
        while (job.IsOpen && DateTimeOffset.UtcNow < end);
    }

    private static string[] BlamedOf(SoakJob job, JobVerdict verdict) =>
        [.. verdict.Results.Where(result => result.Reason == FailureReasons.WorkerDied && job.Failures.GetValueOrDefault(result.Image) != FailureReasons.WorkerDied).Select(result => result.Image)];

    private async Task<string> ExplainAsync(SoakJob job)
    {
        if (job.Document is null)
            return "it could not be submitted.";
        var status = JsonSerializer.Serialize(await new JobReader(cluster.Jobs, job.Document).ReadAsync(default), Json.Default.JobStatus);
        var missing = new List<int>();
        for (var shard = 0; shard < job.Shards; shard++)
            if (!await cluster.Jobs.Store.ExistsAsync(JobNames.Result(job.Id, shard), default))
                missing.Add(shard);
        return $"{status} Shards without results: {string.Join(", ", missing)}. Queues: {await cluster.Queues.ExplainAsync()}.";
    }
}
