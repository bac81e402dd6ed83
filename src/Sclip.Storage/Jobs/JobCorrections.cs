using System.Security.Cryptography;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;

namespace Sclip.Storage.Jobs;

/// <summary>
/// The corrected masks of jobs' images: a document a shard says which mask is an image's, and each mask has a name of its own content. So
/// neither the machine's masks nor earlier corrections are ever written over.
/// </summary>
/// <param name="stores">The jobs and their outputs.</param>
public sealed class JobCorrections(JobStores stores)
{
    private readonly SharedEntries<Correction> _documents = new(stores.Jobs.Store, Json.Default.CorrectionDocument);

    /// <summary>The corrections of a shard, by the names of the images.</summary>
    /// <exception cref="JobDocumentException">The document is damaged, or of a later version.</exception>
    public Task<IReadOnlyDictionary<string, Correction>> ReadAsync(string id, int shard, CancellationToken cancellationToken) => _documents.ReadAsync(JobNames.Correction(id, shard), cancellationToken);

    /// <summary>The shards that have corrections, with the tag of their document's version.</summary>
    public IAsyncEnumerable<(int Shard, string ETag)> ListAsync(string id, CancellationToken cancellationToken) => _documents.ListAsync(JobNames.Corrections(id), cancellationToken);

    /// <summary>Writes corrections of images of one shard, whose masks must fit them.</summary>
    /// <param name="job">The job.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="masks">The masks.</param>
    /// <param name="by">Who brings them.</param>
    /// <param name="cancellationToken">Looked at between masks.</param>
    /// <returns>The correction of each image; null where its condition did not hold, and it is as it was.</returns>
    /// <exception cref="JobDocumentException">The document is damaged.</exception>
    /// <exception cref="BlobStoreException">A mask or the document cannot be written.</exception>
    public async Task<IReadOnlyList<Correction?>> WriteAsync(JobDocument job, int shard, IReadOnlyList<CorrectedMask> masks, string by, CancellationToken cancellationToken)
    {
        var made = new List<Correction>(masks.Count);
        // Before the document that names them.
        foreach (var mask in masks)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(mask.Png.Span));
            var correction = new Correction { Mask = OutputNames.Correction(mask.Image, hash), Sha256 = hash, At = DateTimeOffset.UtcNow, By = by };
            // One that is there is the same.
            await stores.Outputs(job).WriteAsync(correction.Mask, mask.Png, WriteCondition.Missing, cancellationToken);
            made.Add(correction);
        }
        Correction?[] outcomes = [];
        await _documents.ChangeAsync(JobNames.Correction(job.Id, shard), entries =>
        {
            var isChanged = false;
            outcomes = [.. masks.Zip(made, Put)];
            return isChanged;

            Correction? Put(CorrectedMask mask, Correction correction)
            {
                var before = entries.GetValueOrDefault(mask.Image);
                if (before?.Sha256 == correction.Sha256)
                    return before;
                if ((mask.Condition.IfMissing && before is not null) || (mask.Condition.IfMatches is { } tag && before?.Sha256 != tag))
                    return null;
                (entries[mask.Image], isChanged) = (correction, true);
                return correction;
            }
        }, cancellationToken);
        return outcomes;
    }
}
