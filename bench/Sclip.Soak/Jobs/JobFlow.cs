using Sclip.Contracts.Jobs;
using Sclip.Dispatcher;
using Sclip.Soak.Cluster;

namespace Sclip.Soak.Jobs;

/// <summary>Submits jobs, and knows which are under way.</summary>
internal sealed class JobFlow(SoakCluster cluster, JobDraws draws, Report report)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.3);
    private readonly List<SoakJob> _jobs = [];

    /// <summary>All jobs since the last judgement.</summary>
    public IReadOnlyList<SoakJob> Jobs
    {
        get
        {
            lock (_jobs)
                return [.. _jobs];
        }
    }

    public IReadOnlyList<SoakJob> Open => [.. Jobs.Where(job => job.IsOpen)];

    public bool AnyKills => Jobs.Any(job => job is { Kills: true, Took: null });

    public JobDraws Draws => draws;

    /// <summary>Submits a job and plans it, as often as it takes.</summary>
    public async Task SubmitAsync(SoakJob job, CancellationToken cancellationToken)
    {
        lock (_jobs)
            _jobs.Add(job);
        var document = await Persistence.TryAsync(async () => (await cluster.Submission.SubmitAsync(job.Request, cancellationToken)).Job, cancellationToken);
        await Persistence.TryAsync(() => cluster.Control.PlanAsync(document, progress: null, cancellationToken), cancellationToken);
        job.Document = document;
    }

    /// <summary>Keeps regular jobs under way, a changing number of them up to a most.</summary>
    public async Task FlowAsync(int most, Random random, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var (wanted, job) = (random.Next(1, most + 1), draws.Regular(random));
                while (Jobs.Count(one => one is { Kind: "regular", Took: null }) >= wanted)
                {
                    await LookAsync(cancellationToken);
                    await Task.Delay(Look, cancellationToken);
                }
                await SubmitAsync(job, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Enough.
        }
    }

    /// <summary>Looks which jobs have ended; past the relay, and again later where the store is down.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var job in Open)
            try
            {
                if (await cluster.Jobs.Store.ExistsAsync(job.IsHopeless ? JobNames.Failed(job.Id) : JobNames.Summary(job.Id), cancellationToken))
                    job.End();
            }
            catch (Exception error) when (Persistence.IsPassing(error))
            {
                return;
            }
    }

    /// <summary>Cancels a job.</summary>
    /// <returns>False where it is complete already, or the servers do not answer.</returns>
    public async Task<bool> CancelAsync(SoakJob job)
    {
        try
        {
            await cluster.Control.CancelAsync(job.Document!, default);
            return true;
        }
        catch (Exception error) when (error is JobRequestException { Fault: JobRequestFault.Conflict } || Persistence.IsPassing(error))
        {
            return false;
        }
    }

    /// <summary>Enqueues a job's shards that have no results again.</summary>
    public async Task<int> RetryAsync(SoakJob job, bool failed, CancellationToken cancellationToken) =>
        (await Persistence.TryAsync(() => cluster.Control.RetryAsync(job.Document!, failed, cancellationToken), cancellationToken)).Shards;

    /// <summary>Begins anew after a judgement.</summary>
    public void Forget(IEnumerable<SoakJob> judged)
    {
        lock (_jobs)
            _jobs.RemoveAll(judged.Contains);
    }

    /// <summary>Runs what goes on beside the faults; whatever it throws breaks a rule.</summary>
    public async Task GuardAsync(string what, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception error)
        {
            report.Break($"{what}: {error.GetType().Name}: {error.Message}");
        }
    }
}
