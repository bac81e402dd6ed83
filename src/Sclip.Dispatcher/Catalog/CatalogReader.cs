using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;
using Sclip.Dispatcher.Control;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Catalog;

/// <summary>Reads of a job's blobs what the catalogue is to know, and no more.</summary>
/// <param name="jobs">The jobs.</param>
internal sealed class CatalogReader(JobBlobs jobs)
{
    /// <summary>Reads a job.</summary>
    /// <returns>Its document; with its row, unless it goes on. Null where a submit left that went no further.</returns>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async Task<(JobDocument Job, CatalogRow? Row)?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await jobs.ReadJobAsync(id, cancellationToken) is not { } job)
            return null;
        if (await jobs.ReadSummaryAsync(id, cancellationToken) is { } summary)
            // All shards but the last are full, so that one blob of thousands need not be read.
            return (job, Row(JobReader.Completed(job, summary, (int)((summary.Images + job.ShardSize - 1) / job.ShardSize)), isCounted: true));
        var state = await JobReader.ReadStateAsync(jobs, id, cancellationToken);
        if (!state.HasEnded())
            return (job, null);
        var failure = state == JobState.Failed ? await jobs.ReadFailureAsync(id, cancellationToken) : null;
        return (job, Row(JobControl.Unusable(id, failure?.Reason) with { Name = job.Name, State = state }, isCounted: false));

        CatalogRow Row(JobStatus status, bool isCounted) => new(CatalogRow.Listed(JobFacts.Of(job).Progress(status)), JobWords.Of(job), isCounted);
    }

    /// <summary>Whether an ended job stands as it is known.</summary>
    public async Task<bool> IsSameAsync(KnownJob known, CancellationToken cancellationToken) => known.State == JobState.Completed
        ? (await jobs.ReadSummaryAsync(known.Id, cancellationToken))?.Completed == known.Completed
        : await JobReader.ReadStateAsync(jobs, known.Id, cancellationToken) == known.State;
}
