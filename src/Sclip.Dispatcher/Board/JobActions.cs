using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Planning;

namespace Sclip.Dispatcher.Board;

/// <summary>What is asked for a job that is there, with the answer where it stands then.</summary>
/// <param name="control">Does it.</param>
/// <param name="planning">Goes on with plans.</param>
/// <param name="board">Shows it.</param>
/// <param name="news">Tells the other dispatchers.</param>
internal sealed class JobActions(JobControl control, PlanningService planning, JobBoard board, JobNews news)
{
    /// <summary>Cancels a job.</summary>
    public async Task<JobStatus> CancelAsync(string id, CancellationToken cancellationToken)
    {
        await control.CancelAsync(await control.FindAsync(id, cancellationToken), cancellationToken);
        return await ShowAsync(id, cancellationToken);
    }

    /// <summary>Enqueues the shards of a job that have no results.</summary>
    public async Task<JobStatus> RetryAsync(string id, bool failed, CancellationToken cancellationToken)
    {
        var job = await control.FindAsync(id, cancellationToken);
        // Planning may take longer than a caller waits, and goes on when it hangs up.
        if (await control.ReopenAsync(job, cancellationToken) is { } plan)
            await control.EnqueueAsync(job, plan, failed, cancellationToken);
        else
            planning.Enqueue(job);
        return await ShowAsync(id, cancellationToken);
    }

    /// <summary>Changes a job's priority.</summary>
    public async Task<JobStatus> PrioritizeAsync(string id, int priority, CancellationToken cancellationToken)
    {
        await control.PrioritizeAsync(await control.FindAsync(id, cancellationToken), priority, cancellationToken);
        return await ShowAsync(id, cancellationToken);
    }

    private Task<JobStatus> ShowAsync(string id, CancellationToken cancellationToken)
    {
        board.Touch(id);
        news.Tell(id);
        return board.ReadAsync(id, cancellationToken);
    }
}
