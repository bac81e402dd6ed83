using System.Runtime.CompilerServices;
using Sclip.Contracts;
using Sclip.Contracts.Reviews;

namespace Sclip.Storage.Jobs;

/// <summary>The images of jobs that were reviewed or corrected.</summary>
/// <param name="stores">The jobs and their outputs.</param>
public sealed class ReviewedImages(JobStores stores)
{
    private const int ReadsAtOnce = 16;
    private static readonly Dictionary<string, ReviewedImage> None = [];
    private readonly JobReviews _reviews = new(stores.Jobs);
    private readonly JobCorrections _corrections = new(stores);

    /// <summary>All of a job, shard by shard and in the order of the results.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async IAsyncEnumerable<ReviewedImage> ReadAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in (await ListAsync(id, cancellationToken)).Order().Chunk(ReadsAtOnce))
            foreach (var images in await Task.WhenAll(some.Select(shard => ReadAsync(id, shard, cancellationToken))))
                foreach (var image in images)
                    yield return image;
    }

    /// <summary>The same, and with them all other images that have a result: nobody decided on those.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async IAsyncEnumerable<ReviewedImage> ReadAllAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = await ListAsync(id, cancellationToken);
        await foreach (var (shard, results) in stores.Jobs.ReadShardsAsync(id, cancellationToken))
        {
            var known = (seen.Remove(shard) ? await ReadAsync(id, shard, results, cancellationToken) : []).ToLookup(image => image.Image, StringComparer.Ordinal);
            foreach (var result in results)
                yield return known[result.Image].FirstOrDefault() ?? ReviewedImage.Of(result.Image, shard, entry: null, correction: null);
            foreach (var image in known.SelectMany(images => images).ExceptBy(results.Select(result => result.Image), image => image.Image, StringComparer.Ordinal))
                yield return image;
        }
        foreach (var shard in seen.Order())
            foreach (var image in await ReadAsync(id, shard, cancellationToken))
                yield return image;
    }

    /// <summary>All results of a job, shard by shard (<see cref="JobBlobs.ReadLatestAsync"/>), and by their names those of its images that were reviewed or corrected.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async IAsyncEnumerable<(IReadOnlyList<ImageResult> Results, IReadOnlyDictionary<string, ReviewedImage> Images)> ReadWithResultsAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Listed before, so that shards of which there is nothing cost no look-up.
        var seen = await ListAsync(id, cancellationToken);
        await foreach (var (shard, results) in stores.Jobs.ReadShardsAsync(id, cancellationToken))
        {
            if (!seen.Contains(shard))
            {
                yield return (results, None);
                continue;
            }
            var reviews = await _reviews.ReadAsync(id, shard, cancellationToken);
            var corrections = await _corrections.ReadAsync(id, shard, cancellationToken);
            var images = new Dictionary<string, ReviewedImage>(StringComparer.Ordinal);
            foreach (var image in Known(shard, results, reviews, corrections))
                images.TryAdd(image.Image, image);
            yield return (results, images);
        }
    }

    /// <summary>Those of a shard.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public Task<IReadOnlyList<ReviewedImage>> ReadAsync(string id, int shard, CancellationToken cancellationToken) => ReadAsync(id, shard, results: null, cancellationToken);

    /// <summary>The same, of results that were read already; null reads them where there are reviews to compare with them.</summary>
    private async Task<IReadOnlyList<ReviewedImage>> ReadAsync(string id, int shard, IReadOnlyList<ImageResult>? results, CancellationToken cancellationToken)
    {
        var reviews = await _reviews.ReadAsync(id, shard, cancellationToken);
        var corrections = await _corrections.ReadAsync(id, shard, cancellationToken);
        if (reviews.Count + corrections.Count == 0)
            return [];
        results ??= await stores.Jobs.ReadLatestAsync(id, shard, cancellationToken) ?? [];
        // Images whose results were taken back to be labelled again.
        var names = results.Select(result => result.Image).ToHashSet(StringComparer.Ordinal);
        var others = reviews.Keys.Union(corrections.Keys, StringComparer.Ordinal).Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)
            .Select(name => ReviewedImage.Of(name, shard, reviews.GetValueOrDefault(name) is { } entry ? entry with { Stale = true } : null, corrections.GetValueOrDefault(name) is { } correction ? correction with { Stale = true } : null));
        return [.. Known(shard, results, reviews, corrections), .. others];
    }

    private async Task<HashSet<int>> ListAsync(string id, CancellationToken cancellationToken)
    {
        var shards = await _reviews.ListAsync(id, cancellationToken).Select(item => item.Shard).ToHashSetAsync(cancellationToken: cancellationToken);
        await foreach (var (shard, _) in _corrections.ListAsync(id, cancellationToken))
            shards.Add(shard);
        return shards;
    }

    private static IEnumerable<ReviewedImage> Known(int shard, IReadOnlyList<ImageResult> results, IReadOnlyDictionary<string, ReviewEntry> reviews, IReadOnlyDictionary<string, Correction> corrections) => results
        .Where(result => reviews.ContainsKey(result.Image) || corrections.ContainsKey(result.Image))
        .Select(result =>
        {
            var correction = corrections.GetValueOrDefault(result.Image)?.Against(result);
            return ReviewedImage.Of(result.Image, shard, reviews.GetValueOrDefault(result.Image)?.Against(result, correction?.IfCounts), correction);
        });
}
