using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>How the index follows the job's blobs: by rounds, and by what people have just decided.</summary>
internal sealed partial class JobIndex
{
    // A page waits so long for what is new; what takes longer shows on the next.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Rounds that take longer than this leave ten times their duration to others.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private const int RestFactor = 10;

    // What people decide by another dispatcher shows as soon as this; a page hardly waits for it.
    private static readonly TimeSpan MarkAge = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MarkPatience = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _marking = new(1);
    private volatile bool _isLost;
    private volatile Ended? _ended;
    private int _missed;

    /// <summary>Takes in what people have just made of images of some shards; what cannot be taken in now comes with the next round, which begins with the next question.</summary>
    public async Task TakeMarksAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        try
        {
            if (await TryAloneAsync(() => _marks.TakeAsync(shards, cancellationToken), MarkPatience, cancellationToken))
                return;
        }
        catch (Exception error) when (error is SqliteException or InvalidDataException or JobDocumentException or BlobStoreException)
        {
            // The blobs have it.
        }
        Interlocked.Increment(ref _missed);
    }

    /// <summary>Has the next round make the index anew.</summary>
    private void Lose() => (_isLost, _ended) = (true, null);

    /// <summary>Brings the index up to date, or begins to.</summary>
    /// <returns>Whether it is.</returns>
    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (_ended is { } ended && ended.Missed == Volatile.Read(ref _missed) && await _results.SummaryAsync(cancellationToken) == ended.Summary)
        {
            if (ended.Summary is not null)
            {
                if (ended.Age > MarkAge)
                    await WaitAsync(MarkPatience);
                return true;
            }
            if (ended.Rests)
                return false;
        }
        return await WaitAsync(Patience);

        async Task<bool> WaitAsync(TimeSpan patience)
        {
            // One that takes long takes longer still: there is no use in waiting.
            var isLong = _rounds.Running > patience;
            try
            {
                await _rounds.Begin().WaitAsync(isLong ? TimeSpan.Zero : patience, cancellationToken);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    private async Task RunAsync()
    {
        await _turns.Rounds.WaitAsync(_stopping);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var summary = await _results.SummaryAsync(_stopping);
            var missed = Volatile.Read(ref _missed);
            if (_isLost)
                await RenewAsync();
            try
            {
                await TakeAsync(summary);
            }
            catch (Exception error) when (_file.IsLost(error))
            {
                await RenewAsync();
                await TakeAsync(summary);
            }
            if (!_isLost)
                _ended = new Ended(summary, missed, Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(began));
        }
        catch (Exception error) when (error is SqliteException or InvalidDataException)
        {
            throw _file.Unusable(Name, error);
        }
        finally
        {
            _turns.Rounds.Release();
        }
    }

    private async Task TakeAsync(string? summary)
    {
        await _results.RunAsync(summary, _stopping);
        await TryAloneAsync(() => _marks.RunAsync(_stopping), Timeout.InfiniteTimeSpan, _stopping);
    }

    private Task RenewAsync() => TryAloneAsync(() =>
    {
        _isLost = false;
        Guard(_file.Create);
        return Task.CompletedTask;
    }, Timeout.InfiniteTimeSpan, _stopping);

    /// <summary>Nothing else takes marks in meanwhile: an older document must not come behind a newer one. False where that did not come about in time.</summary>
    private async Task<bool> TryAloneAsync(Func<Task> work, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await _marking.WaitAsync(patience, cancellationToken))
            return false;
        try
        {
            await work();
            return true;
        }
        finally
        {
            _marking.Release();
        }
    }

    /// <summary>A round that ended well.</summary>
    /// <param name="Summary">The tag of the job's summary when it began.</param>
    /// <param name="Missed">Decisions before it that were not taken in when they were made.</param>
    /// <param name="At">When it ended.</param>
    /// <param name="Took">How long it took.</param>
    private sealed record Ended(string? Summary, int Missed, long At, TimeSpan Took)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(At);

        public bool Rests => Took > Short && Age < Took * RestFactor;
    }
}
