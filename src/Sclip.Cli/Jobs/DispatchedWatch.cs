using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Where a job stands, as a dispatcher tells it each time that it is asked. One that does not answer meanwhile, or cannot tell, is told of once, and asked until it can.</summary>
/// <param name="jobs">The dispatcher's jobs.</param>
/// <param name="id">The job.</param>
/// <param name="interval">The time between two questions to a dispatcher that does not answer.</param>
/// <param name="warn">Tells that it does not answer.</param>
internal sealed class DispatchedWatch(DispatchedJobs jobs, string id, TimeSpan interval, Func<string, Task> warn)
{
    private bool _isFound;

    /// <summary>Asks where it stands.</summary>
    /// <exception cref="UserException">There is no such job, the dispatcher refuses, or it has not told anything yet.</exception>
    public async Task<JobStatus> ReadAsync(CancellationToken cancellationToken)
    {
        for (var isTold = false; ; isTold = true)
            try
            {
                var status = await jobs.FindAsync(id, cancellationToken);
                _isFound = true;
                return status;
            }
            // At first the address is likely wrong; later a dispatcher is started anew, and the job goes on without it.
            catch (DispatcherUnavailableException error) when (_isFound)
            {
                if (!isTold)
                    await warn($"{error.Fault} It is asked again until it can tell; watching does not hold up the job.");
                await Task.Delay(interval, cancellationToken);
            }
    }
}
