using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>
/// Counts of a job's results. Each shard is read once, so that who follows a job reads only what is new. Memory grows by a tag a shard.
/// </summary>
/// <param name="blobs">The jobs.</param>
/// <param name="job">The job's id.</param>
public sealed class JobTally(JobBlobs blobs, string job)
{
    private const int ReadsAtOnce = 16;
    private const int MostReasons = 100;
    private readonly Dictionary<int, string> _counted = [];
    private readonly Dictionary<string, long> _pixels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _failures = new(StringComparer.Ordinal);

    /// <summary>The reason that stands for those beyond the first hundred.</summary>
    public const string OtherReasons = "other reasons";

    /// <summary>Shards that have results.</summary>
    public int Shards => _counted.Count;

    /// <summary>Whether a shard's results are counted.</summary>
    public bool Has(int shard) => _counted.ContainsKey(shard);

    /// <summary>Images that have a mask.</summary>
    public long Labelled { get; private set; }

    /// <summary>Images that have a mask and were labelled by kept features.</summary>
    public long ByFeatures { get; private set; }

    /// <summary>Images that failed.</summary>
    public long Failed { get; private set; }

    /// <summary>Windows that were computed.</summary>
    public long Windows { get; private set; }

    /// <summary>Seconds that workers were at the images.</summary>
    public double WorkerSeconds { get; private set; }

    /// <summary>Pixels of each class, by its name.</summary>
    public IReadOnlyDictionary<string, long> Pixels => _pixels;

    /// <summary>Failed images by reason, the most frequent first.</summary>
    public IReadOnlyDictionary<string, long> Failures =>
        _failures.OrderByDescending(item => item.Value).ThenBy(item => item.Key, StringComparer.Ordinal).ToDictionary();

    /// <summary>Counts results that were committed since the last call; not to be called twice at a time.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var present = new Dictionary<int, string>();
        await foreach (var blob in blobs.Store.ListAsync(JobNames.Results(job), after: null, cancellationToken))
            if (JobNames.ShardOf(blob.Name) is { } shard)
                present[shard] = blob.ETag;
        // Results that were taken back to be done again count no more.
        if (_counted.Any(item => present.GetValueOrDefault(item.Key) != item.Value))
            Clear();
        var found = present.Keys.Where(shard => !_counted.ContainsKey(shard)).ToArray();
        await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (shard, token) =>
        {
            if (await blobs.ReadResultAsync(job, shard, token) is { } results)
                lock (_counted)
                    Add(shard, present[shard], results);
        });
    }

    private void Add(int shard, string etag, IReadOnlyList<ImageResult> results)
    {
        _counted.Add(shard, etag);
        foreach (var result in results)
        {
            Windows += result.Windows ?? 0;
            WorkerSeconds += result.WorkerSeconds;
            foreach (var (name, count) in result.Pixels ?? new Dictionary<string, long>())
                _pixels[name] = _pixels.GetValueOrDefault(name) + count;
            if (result.Status == ImageStatus.Ok)
            {
                Labelled++;
                ByFeatures += result.IsByFeatures ? 1 : 0;
                continue;
            }
            Failed++;
            var reason = result.CountedError ?? "";
            var key = _failures.ContainsKey(reason) || _failures.Count < MostReasons ? reason : OtherReasons;
            _failures[key] = _failures.GetValueOrDefault(key) + 1;
        }
    }

    private void Clear()
    {
        _counted.Clear();
        _pixels.Clear();
        _failures.Clear();
        (Labelled, ByFeatures, Failed, Windows, WorkerSeconds) = (0, 0, 0, 0, 0);
    }
}
