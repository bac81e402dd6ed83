using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Brings an index to where the job's blobs are.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="id">The job.</param>
/// <param name="file">Its index.</param>
/// <param name="classes">Places of the classes in the job's labels, by their names.</param>
internal sealed class IndexRound(JobBlobs jobs, string id, IndexFile file, IReadOnlyDictionary<string, int> classes)
{
    private const int ReadsAtOnce = 16;

    // Few enough that what was read shows soon, and memory stays small.
    private const int ShardsAtOnce = 64;

    // From here on sorting at the end is sooner.
    private const int ManyShards = 256;
    private const long LargestSummary = 256L << 20;

    /// <summary>The tag of a job's summary; null while it is not complete. One that is the same tells that no result has changed.</summary>
    public async Task<string?> SummaryAsync(CancellationToken cancellationToken) => (await jobs.Store.TryReadAsync(JobNames.Summary(id), LargestSummary, cancellationToken))?.ETag;

    /// <summary>Takes in what is new.</summary>
    /// <param name="summary">The tag of the job's summary before.</param>
    /// <param name="cancellationToken">Looked at between shards.</param>
    /// <exception cref="JobDocumentException">A document of the job is damaged; what is not is taken in.</exception>
    public async Task RunAsync(string? summary, CancellationToken cancellationToken)
    {
        if (summary is not null && summary == KnownSummary())
            return;
        var present = await ListAsync(cancellationToken);
        var known = KnownShards();
        Write(writer =>
        {
            foreach (var shard in known.Keys.Where(shard => !present.ContainsKey(shard)))
                writer.RemoveShard(shard);
        });
        var damage = default(JobDocumentException);
        var changed = present.Where(item => known.GetValueOrDefault(item.Key) != item.Value).Select(item => item.Key).Order().Chunk(ShardsAtOnce).ToArray();
        if (changed.Sum(shards => shards.Length) > Math.Max(ManyShards, known.Count))
            Execute(IndexSchema.DropOrders);
        var reading = ReadAsync(changed.ElementAtOrDefault(0) ?? [], present, cancellationToken);
        for (var i = 0; i < changed.Length; i++)
        {
            var read = await reading;
            reading = ReadAsync(changed.ElementAtOrDefault(i + 1) ?? [], present, cancellationToken);
            Write(writer =>
            {
                foreach (var (shard, results, error) in read)
                    if (results is not null)
                        writer.SetShard(shard, present[shard].IsDraft, present[shard].ETag, results);
                    else
                        // It is in work anew, or taken back; the next round finds what there is.
                        writer.RemoveShard(shard);
            });
            damage ??= read.Select(shard => shard.Error).FirstOrDefault(error => error is not null);
        }
        // Also where an earlier round was broken off.
        Execute(IndexSchema.Orders);
        var plan = await jobs.ReadPlanAsync(id, cancellationToken);
        Write(writer => writer.SetSource(damage is null ? summary : null, plan?.Images));
        if (damage is not null)
            throw damage;
    }

    private void Execute(string statements)
    {
        using var connection = file.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(statements);
        transaction.Commit();
    }

    private string? KnownSummary()
    {
        using var connection = file.Open();
        return connection.Scalar<string>("SELECT summary FROM source");
    }

    private Dictionary<int, (string ETag, bool IsDraft)> KnownShards()
    {
        using var connection = file.Open();
        return connection.Rows("SELECT shard, etag, draft FROM shards", row => (Shard: row.GetInt32(0), Version: (row.GetString(1), row.GetBoolean(2)))).ToDictionary(row => row.Shard, row => row.Version);
    }

    /// <summary>The documents that hold the results of the shards: those that are committed, else the drafts.</summary>
    private async Task<Dictionary<int, (string ETag, bool IsDraft)>> ListAsync(CancellationToken cancellationToken)
    {
        var present = new Dictionary<int, (string ETag, bool IsDraft)>();
        // In this order: a shard that ends meanwhile is in one of the lists at least.
        foreach (var (prefix, isDraft) in (((string, bool)[])[(JobNames.Drafts(id), true), (JobNames.Results(id), false)]))
            await foreach (var blob in jobs.Store.ListAsync(prefix, after: null, cancellationToken))
                if (JobNames.ShardOf(blob.Name) is { } shard)
                    present[shard] = (blob.ETag, isDraft);
        return present;
    }

    private async Task<(int Shard, IReadOnlyList<ImageResult>? Results, JobDocumentException? Error)[]> ReadAsync(
        int[] shards, Dictionary<int, (string ETag, bool IsDraft)> present, CancellationToken cancellationToken)
    {
        var read = new (int, IReadOnlyList<ImageResult>?, JobDocumentException?)[shards.Length];
        await Parallel.ForAsync(0, shards.Length, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            try
            {
                read[i] = (shards[i], present[shards[i]].IsDraft ? (await jobs.ReadDraftAsync(id, shards[i], token))?.Results : await jobs.ReadResultAsync(id, shards[i], token), null);
            }
            catch (JobDocumentException error)
            {
                read[i] = (shards[i], null, error);
            }
        });
        return read;
    }

    private void Write(Action<IndexWriter> change)
    {
        using var writer = new IndexWriter(file, classes);
        change(writer);
        writer.Commit();
    }
}
