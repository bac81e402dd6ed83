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

    /// <summary>Finds the correction of an image; null where it has none.</summary>
    /// <param name="id">The job.</param>
    /// <param name="image">The image.</param>
    /// <param name="shard">Its shard; null looks for it.</param>
    /// <param name="cancellationToken">Checked between shards.</param>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async Task<(int Shard, Correction Correction)?> FindAsync(string id, string image, int? shard, CancellationToken cancellationToken)
    {
        var shards = shard is { } given ? new[] { given }.ToAsyncEnumerable() : ListAsync(id, cancellationToken).Select(item => item.Shard);
        await foreach (var some in shards)
            if ((await ReadAsync(id, some, cancellationToken)).TryGetValue(image, out var found))
                return (some, found);
        return null;
    }

    /// <summary>Takes a correction back, so that the machine's mask counts again; its own stays in the store.</summary>
    /// <param name="id">The job.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="image">The image.</param>
    /// <param name="sha256">The tag of the correction that is taken back.</param>
    /// <param name="cancellationToken">Checked between attempts.</param>
    /// <returns>Whether it was there; another one stays.</returns>
    /// <exception cref="JobDocumentException">The document is damaged.</exception>
    /// <exception cref="BlobStoreException">It cannot be written.</exception>
    public async Task<bool> WithdrawAsync(string id, int shard, string image, string sha256, CancellationToken cancellationToken)
    {
        var isWithdrawn = false;
        await _documents.ChangeAsync(JobNames.Correction(id, shard), entries => isWithdrawn = entries.GetValueOrDefault(image)?.Sha256 == sha256 && entries.Remove(image), cancellationToken);
        return isWithdrawn;
    }

    /// <summary>Writes corrections of images of one shard, whose masks must fit them.</summary>
    /// <param name="job">The job.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="masks">The masks.</param>
    /// <param name="by">Who brings them.</param>
    /// <param name="cancellationToken">Checked between masks.</param>
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
            var correction = new Correction
            {
                Mask = OutputNames.Correction(mask.Image, hash),
                Sha256 = hash,
                At = DateTimeOffset.UtcNow,
                By = by,
                Result = mask.Result.Digest(),
                Picture = mask.Result.PictureKey,
                Pixels = mask.Pixels,
            };
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
                if (before?.Sha256 == correction.Sha256 && before.Result == correction.Result && before.Picture == correction.Picture)
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
