using Microsoft.Data.Sqlite;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Cache;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Brings an index to where the reviews and corrections of a job are.</summary>
/// <param name="stores">The stores.</param>
/// <param name="id">The job.</param>
/// <param name="file">Its index.</param>
/// <param name="classes">Places of the classes in the job's labels, by their names.</param>
internal sealed class MarkRound(JobStores stores, string id, IndexFile file, IReadOnlyDictionary<string, int> classes)
{
    private const int ReadsAtOnce = 16;
    private readonly JobReviews _reviews = new(stores.Jobs);
    private readonly JobCorrections _corrections = new(stores);

    /// <summary>Takes in what is new.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var present = new Dictionary<int, MarkTags>();
        await foreach (var (shard, tag) in _reviews.ListAsync(id, cancellationToken))
            present[shard] = new MarkTags(tag, null);
        await foreach (var (shard, tag) in _corrections.ListAsync(id, cancellationToken))
            present[shard] = present.GetValueOrDefault(shard) with { Corrections = tag };
        var known = Known();
        foreach (var shards in present.Keys.Union(known.Keys).Where(shard => known.GetValueOrDefault(shard) != present.GetValueOrDefault(shard)).Order().Chunk(ReadsAtOnce))
            await TakeAsync(shards, shard => present.GetValueOrDefault(shard), IndexUse.Round, cancellationToken);
    }

    /// <summary>Takes in what is there of some shards, whatever is known of them; not behind another that writes for long.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    /// <exception cref="SqliteException">It did not come to it.</exception>
    public Task TakeAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) => TakeAsync(shards, _ => default, IndexUse.Mark, cancellationToken);

    private async Task TakeAsync(IReadOnlyList<int> shards, Func<int, MarkTags> tags, IndexUse use, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(shards.Select(shard => ReadAsync(shard, cancellationToken)));
        using var writer = new IndexWriter(file, classes, use);
        foreach (var (shard, (reviews, corrections)) in shards.Zip(read))
            writer.SetMarks(shard, tags(shard), reviews, corrections);
        writer.Commit();
    }

    private async Task<(IReadOnlyDictionary<string, ReviewEntry> Reviews, IReadOnlyDictionary<string, Correction> Corrections)> ReadAsync(int shard, CancellationToken cancellationToken) =>
        (await _reviews.ReadAsync(id, shard, cancellationToken), await _corrections.ReadAsync(id, shard, cancellationToken));

    private Dictionary<int, MarkTags> Known()
    {
        using var connection = file.Open(IndexUse.Search);
        return connection.Rows("SELECT shard, reviews, corrections FROM mark_sources", row => (Shard: row.GetInt32(0), Tags: new MarkTags(row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2))))
            .ToDictionary(row => row.Shard, row => row.Tags);
    }
}
