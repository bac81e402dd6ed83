using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;

namespace Sclip.Storage.Jobs;

/// <summary>The reviews of jobs' images: a document a shard, written so that no reviewer overwrites what another decided unseen.</summary>
/// <param name="jobs">The jobs.</param>
public sealed class JobReviews(JobBlobs jobs)
{
    private readonly SharedEntries<ReviewEntry> _documents = new(jobs.Store, Json.Default.ReviewDocument);
    private readonly SharedEntries<Correction> _corrections = new(jobs.Store, Json.Default.CorrectionDocument);

    /// <summary>The reviews of a shard as they were written, by the names of the images; <see cref="ReviewEntry.Against(ImageResult, Correction?)"/> tells whether one is stale.</summary>
    /// <exception cref="JobDocumentException">The document is damaged, or of a later version.</exception>
    public Task<IReadOnlyDictionary<string, ReviewEntry>> ReadAsync(string id, int shard, CancellationToken cancellationToken) => _documents.ReadAsync(JobNames.Review(id, shard), cancellationToken);

    /// <summary>The shards that have reviews, with the tag of their document's version.</summary>
    public IAsyncEnumerable<(int Shard, string ETag)> ListAsync(string id, CancellationToken cancellationToken) => _documents.ListAsync(JobNames.Reviews(id), cancellationToken);

    /// <summary>Writes a decision on images of one shard.</summary>
    /// <param name="id">The job.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="request">The decision; its images of other shards are left alone.</param>
    /// <param name="cancellationToken">Checked between attempts.</param>
    /// <returns>What became of each image of the shard: one that was decided on meanwhile, or that the shard has no result of, is not decided on.</returns>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<IReadOnlyList<ReviewOutcome>> WriteAsync(string id, int shard, ReviewRequest request, CancellationToken cancellationToken)
    {
        var targets = request.Images.Where(image => image.Shard == shard).ToArray();
        var wanted = targets.Select(target => target.Image).ToHashSet(StringComparer.Ordinal);
        var results = new Dictionary<string, ImageResult>(StringComparer.Ordinal);
        foreach (var result in (await jobs.ReadLatestAsync(id, shard, cancellationToken) ?? []).Where(result => wanted.Contains(result.Image)))
            results.TryAdd(result.Image, result);
        // Before the reviews: a correction that comes between is not the one that was decided on.
        var corrections = await _corrections.ReadAsync(JobNames.Correction(id, shard), cancellationToken);
        ReviewOutcome[] outcomes = [];
        await _documents.ChangeAsync(JobNames.Review(id, shard), entries =>
        {
            var isChanged = false;
            outcomes = [.. targets.Select(Decide)];
            return isChanged;

            ReviewOutcome Decide(ReviewTarget target)
            {
                var before = entries.GetValueOrDefault(target.Image);
                if (results.GetValueOrDefault(target.Image) is not { } result)
                    return new ReviewOutcome { Image = target.Image, Ok = false, Entry = before, Problem = $"Shard {shard} of job {id} has no result of '{JobNames.Shown(target.Image)}': the image is not in it, or not labelled yet." };
                var correction = corrections.GetValueOrDefault(target.Image)?.Against(result).IfCounts;
                var entry = new ReviewEntry
                {
                    Decision = request.Decision,
                    Note = request.Note,
                    Reviewer = request.Reviewer,
                    At = DateTimeOffset.UtcNow,
                    Revision = target.Revision + 1,
                    Result = result.Digest(),
                    Correction = correction?.Sha256 ?? ReviewEntry.Machine,
                };
                if (before is not null && entry with { At = before.At } == before)
                    return new ReviewOutcome { Image = target.Image, Ok = true, Entry = before };
                if ((before?.Revision ?? 0) != target.Revision)
                    return Refused(before is null ? $"'{JobNames.Shown(target.Image)}' has no review of revision {target.Revision}." : $"{before.Reviewer} decided on '{JobNames.Shown(target.Image)}' meanwhile: it is at revision {before.Revision}, not {target.Revision}.");
                if (target.Mask is { } seen && seen != (correction?.Mask ?? result.Mask))
                    return Refused($"Another mask of '{JobNames.Shown(target.Image)}' counts by now{(correction is null ? "" : $", which {correction.By} corrected")}. Look at it first.");
                (entries[target.Image], isChanged) = (entry, true);
                return new ReviewOutcome { Image = target.Image, Ok = true, Entry = entry };

                ReviewOutcome Refused(string problem) => new() { Image = target.Image, Ok = false, Entry = before?.Against(result, correction), Problem = problem };
            }
        }, cancellationToken);
        return outcomes;
    }
}
