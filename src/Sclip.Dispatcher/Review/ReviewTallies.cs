using Sclip.Contracts.Reviews;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Review;

/// <summary>How far reviews are; what was counted is kept for the jobs that were asked for last.</summary>
/// <param name="stores">The jobs and their outputs.</param>
internal sealed class ReviewTallies(JobStores stores)
{
    private const int MostKept = 64;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private long _asked;

    /// <summary>Counts the reviews of a job.</summary>
    public async Task<ReviewSummary> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var kept = Keep(id);
        await kept.Turn.WaitAsync(cancellationToken);
        try
        {
            return await kept.Tally.RefreshAsync(cancellationToken);
        }
        finally
        {
            kept.Turn.Release();
        }
    }

    private Kept Keep(string id)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(id, out var kept))
                _kept.Add(id, kept = new Kept(new ReviewTally(stores, id)));
            kept.Asked = ++_asked;
            if (_kept.Count > MostKept)
                _kept.Remove(_kept.MinBy(item => item.Value.Asked).Key);
            return kept;
        }
    }

    // Nobody waits on the handle of a turn, so that it has none to be freed.
    private sealed class Kept(ReviewTally tally)
    {
        public ReviewTally Tally => tally;

        public SemaphoreSlim Turn { get; } = new(1);

        public long Asked { get; set; }
    }
}
