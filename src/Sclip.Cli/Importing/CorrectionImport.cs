using Sclip.Contracts.Jobs;
using Sclip.Dispatcher;
using Sclip.Dispatcher.Review;
using Sclip.Formats.Importing;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Importing;

/// <summary>Brings annotations into a job as corrected masks: each is matched by its name, held to the size of its image, and stands beside the machine's mask.</summary>
/// <param name="stores">Where the job lies.</param>
/// <param name="job">The job.</param>
/// <param name="set">The annotations.</param>
/// <param name="target">The job's classes.</param>
/// <param name="by">Who brings them.</param>
/// <param name="failed">Is told the name of each picture that fails, and why.</param>
internal sealed class CorrectionImport(JobStores stores, JobDocument job, IAnnotationSet set, ImportTarget target, string by, Action<string, string> failed)
{
    private readonly JobCorrections _corrections = new(stores);
    private readonly Lock _lock = new();
    private long _imported, _failed;

    /// <summary>Brings them in, shard by shard; those of a shard that is done stay, whenever this ends.</summary>
    /// <param name="threads">Pictures worked at at once.</param>
    /// <param name="progress">Is told after each shard how many are done.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<(long Imported, long Failed)> RunAsync(int threads, IProgress<long> progress, CancellationToken cancellationToken)
    {
        var pictures = set.Pictures(cancellationToken).ToArray();
        var match = new PictureMatch(pictures);
        await match.FindAsync(stores.Jobs, job, cancellationToken);
        foreach (var picture in pictures.Distinct(StringComparer.Ordinal))
            if (match.Refusal(picture, job.Id) is { } refusal)
                Fail(picture, refusal);
        foreach (var shard in match.Shards)
        {
            await WriteAsync(shard.Key, [.. shard], threads, cancellationToken);
            progress.Report(_imported + _failed);
        }
        return (_imported, _failed);
    }

    private async Task WriteAsync(int shard, IReadOnlyList<(string Picture, string Image)> pictures, int threads, CancellationToken cancellationToken)
    {
        // Before the masks are made: who corrects one meanwhile is not written over.
        var there = await _corrections.ReadAsync(job.Id, shard, cancellationToken);
        var results = (await stores.Jobs.ReadLatestAsync(job.Id, shard, cancellationToken) ?? []).DistinctBy(result => result.Image).ToDictionary(result => result.Image, StringComparer.Ordinal);
        var masks = new CorrectedMask?[pictures.Count];
        await Parallel.ForEachAsync(pictures.Index(), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, (item, _) =>
        {
            var (place, (picture, image)) = item;
            try
            {
                var result = results.GetValueOrDefault(image) ?? throw new JobRequestException(JobRequestFault.Conflict, "its result was taken back meanwhile, to be labelled again.");
                var condition = there.GetValueOrDefault(image) is { } before ? WriteCondition.Matches(before.Sha256) : WriteCondition.Missing;
                masks[place] = CorrectionCheck.Encode(job, result, target.Map(set.Read(picture)), condition);
            }
            catch (Exception error) when (error is ImportException or JobRequestException)
            {
                Fail(picture, error.Message);
            }
            return ValueTask.CompletedTask;
        });
        var made = masks.OfType<CorrectedMask>().ToArray();
        if (made.Length == 0)
            return;
        foreach (var (mask, correction) in made.Zip(await _corrections.WriteAsync(job, shard, made, by, cancellationToken)))
            if (correction is null)
                Fail(mask.Image, "somebody else corrected it meanwhile, and theirs stays. The same command once more puts this one in its place.");
            else
                _imported++;
    }

    private void Fail(string picture, string reason)
    {
        lock (_lock)
        {
            _failed++;
            failed(JobNames.Shown(picture), reason);
        }
    }
}
