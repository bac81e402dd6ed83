using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Catalog;

/// <summary>What is put into the catalogue of a job.</summary>
/// <param name="Job">The job as lists show it.</param>
/// <param name="Words">Its words; null leaves those that are there.</param>
/// <param name="IsCounted">Whether its results are counted.</param>
internal sealed record CatalogRow(JobProgress Job, JobWords? Words, bool IsCounted)
{
    private static readonly Dictionary<string, long> NoPixels = [];

    public JobStatus Status => Job.Status;

    /// <summary>The share of its images that have a result; 0 while these are not known.</summary>
    public double Share => Status.Images is > 0 and var images ? (double)(Status.Labelled + Status.Failed) / images : Status.State == JobState.Completed ? 1 : 0;

    /// <summary>A job as lists show it: pixels of a thousand classes are nothing to leaf through.</summary>
    public static JobProgress Listed(JobProgress job) => job with { Status = job.Status with { Pixels = NoPixels } };

    /// <summary>Whether two views of a job are the same in all that lists go by.</summary>
    public static bool IsSame(JobProgress one, JobProgress other) => Essence(one).Equals(Essence(other));

    private static (int, JobState, long?, long, long, int, int, DateTimeOffset?, double?) Essence(JobProgress job) =>
        (job.Priority, job.Status.State, job.Status.Images, job.Status.Labelled, job.Status.Failed, job.Status.Shards, job.Status.ShardsDone, job.Status.Completed, job.Status.WorkerSeconds);
}
