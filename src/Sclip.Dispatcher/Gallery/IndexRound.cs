using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
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

    // Few enough that what was read shows soon.
    private const int ShardsAtOnce = 64;

    // Documents in hand at once, those that are read ahead among them; in memory they take some times as much. A larger one is in hand alone.
    private const long BytesAtOnce = 16L << 20;

    // From here on sorting at the end is sooner.
    private const int ManyShards = 256;
    private const long LargestSummary = 256L << 20;

    /// <summary>The tag of a job's summary; null while it is not complete. One that is the same tells that no result has changed.</summary>
    public async Task<string?> SummaryAsync(CancellationToken cancellationToken) => (await jobs.Store.TryReadAsync(JobNames.Summary(id), LargestSummary, cancellationToken))?.ETag;

    /// <summary>Takes in what is new.</summary>
    /// <param name="summary">The tag of the job's summary before.</param>
    /// <param name="cancellationToken">Checked between shards.</param>
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
        var changed = present.Where(item => !known.TryGetValue(item.Key, out var version) || version != item.Value.Version).Select(item => item.Key).Order().ToArray();
        if (changed.Length > Math.Max(ManyShards, known.Count))
            Execute(IndexSchema.DropOrders);
        var parts = Parts(changed, present);
        var reading = default(Task<ReadShard[]>);
        for (var i = 0; i < parts.Count; i++)
        {
            var read = await (reading ?? ReadAsync(parts[i].Shards, present, cancellationToken));
            reading = i + 1 < parts.Count && parts[i].Bytes + parts[i + 1].Bytes <= BytesAtOnce ? ReadAsync(parts[i + 1].Shards, present, cancellationToken) : null;
            Write(writer =>
            {
                foreach (var (shard, results, _) in read)
                    if (results is not null)
                        writer.SetShard(shard, present[shard].Version.IsDraft, present[shard].Version.ETag, results);
                    else
                        // It is in work anew, or taken back; the next round finds what there is.
                        writer.RemoveShard(shard);
            });
            damage ??= read.Select(shard => shard.Error).FirstOrDefault(error => error is not null);
            // What comes next is not to be in memory beside it.
            Array.Clear(read);
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
        using var connection = file.Open(IndexUse.Round);
        using var transaction = connection.BeginTransaction();
        connection.Execute(statements);
        transaction.Commit();
        IndexFile.Shrink(connection);
    }

    /// <summary>Shards that are read together, with the bytes of their documents: as many as half of what may be in hand, so that the next can be read meanwhile.</summary>
    private static List<(int[] Shards, long Bytes)> Parts(int[] shards, Dictionary<int, ShardDocument> present)
    {
        var parts = new List<(int[], long)>();
        for (var first = 0; first < shards.Length;)
        {
            var (end, bytes) = (first, 0L);
            while (end < shards.Length && end - first < ShardsAtOnce && (end == first || bytes + present[shards[end]].Bytes <= BytesAtOnce / 2))
                bytes += present[shards[end++]].Bytes;
            parts.Add((shards[first..end], bytes));
            first = end;
        }
        return parts;
    }

    private string? KnownSummary()
    {
        using var connection = file.Open(IndexUse.Search);
        return connection.Scalar<string>("SELECT summary FROM source");
    }

    private Dictionary<int, ShardVersion> KnownShards()
    {
        using var connection = file.Open(IndexUse.Search);
        return connection.Rows("SELECT shard, etag, draft FROM shards", row => (Shard: row.GetInt32(0), Version: new ShardVersion(row.GetString(1), row.GetBoolean(2)))).ToDictionary(row => row.Shard, row => row.Version);
    }

    /// <summary>The documents that hold the results of the shards: those that are committed, else the drafts.</summary>
    private async Task<Dictionary<int, ShardDocument>> ListAsync(CancellationToken cancellationToken)
    {
        var present = new Dictionary<int, ShardDocument>();
        // In this order: a shard that ends meanwhile is in one of the lists at least.
        foreach (var (prefix, isDraft) in (((string, bool)[])[(JobNames.Drafts(id), true), (JobNames.Results(id), false)]))
            await foreach (var blob in jobs.Store.ListAsync(prefix, after: null, cancellationToken))
                if (JobNames.ShardOf(blob.Name) is { } shard)
                    present[shard] = new ShardDocument(new ShardVersion(blob.ETag, isDraft), blob.Bytes);
        return present;
    }

    private async Task<ReadShard[]> ReadAsync(int[] shards, Dictionary<int, ShardDocument> present, CancellationToken cancellationToken)
    {
        var read = new ReadShard[shards.Length];
        await Parallel.ForAsync(0, shards.Length, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            try
            {
                read[i] = new ReadShard(shards[i], present[shards[i]].Version.IsDraft ? (await jobs.ReadDraftAsync(id, shards[i], token))?.Results : await jobs.ReadResultAsync(id, shards[i], token), null);
            }
            catch (JobDocumentException error)
            {
                read[i] = new ReadShard(shards[i], null, error);
            }
        });
        return read;
    }

    private void Write(Action<IndexWriter> change)
    {
        using var writer = new IndexWriter(file, classes, IndexUse.Round);
        change(writer);
        writer.Commit();
    }

    private readonly record struct ShardVersion(string ETag, bool IsDraft);

    private readonly record struct ShardDocument(ShardVersion Version, long Bytes);

    private readonly record struct ReadShard(int Shard, IReadOnlyList<ImageResult>? Results, JobDocumentException? Error);
}
