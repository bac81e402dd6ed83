using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Worker.Shards;

/// <summary>Stops a shard whose job is cancelled, or fails, while it is labelled.</summary>
internal static class JobEndWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Looks every few seconds.</summary>
    /// <param name="jobs">The blobs of jobs.</param>
    /// <param name="job">The job.</param>
    /// <param name="enough">Cancelled once the job has ended.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>Whether the job ended before the watch did.</returns>
    public static async Task<bool> RunAsync(JobBlobs jobs, string job, CancellationTokenSource enough, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Task.Delay(Interval, cancellationToken);
                if (!await jobs.IsEndedAsync(job, cancellationToken))
                    continue;
                await enough.CancelAsync();
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            catch (BlobStoreException)
            {
                // A store that does not answer is noticed where it matters.
            }
        }
    }
}
