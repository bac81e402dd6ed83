using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>The index of a job's images, brought up to date by rounds in the background as long as somebody asks.</summary>
internal sealed class JobIndex : IDisposable
{
    // A page waits so long for what is new; what takes longer shows on the next.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Rounds that take longer than this leave ten times their duration to others.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);
    private const int RestFactor = 10;

    // What people decide by another dispatcher shows as soon as this; a page hardly waits for it.
    private static readonly TimeSpan MarkAge = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MarkPatience = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private readonly IndexFile _file;
    private readonly IndexRound _results;
    private readonly MarkRound _marks;
    private readonly RoundChain _rounds;
    private readonly SemaphoreSlim _marking = new(1);
    private readonly SemaphoreSlim _turns;
    private readonly CancellationToken _stopping;
    private volatile bool _isDamaged;
    private volatile Ended? _ended;

    /// <param name="stores">The stores.</param>
    /// <param name="job">The job.</param>
    /// <param name="folder">Where indexes lie.</param>
    /// <param name="turns">Rounds of all jobs that may run at once.</param>
    /// <param name="stopping">Ends rounds.</param>
    /// <exception cref="GalleryException">The index cannot be kept.</exception>
    public JobIndex(JobStores stores, JobDocument job, string folder, SemaphoreSlim turns, CancellationToken stopping)
    {
        foreach (var (place, label) in job.Labels.Index())
            _classes.TryAdd(label.Name, place);
        _file = new IndexFile(PathOf(folder, job), IdentityOf(job));
        _results = new IndexRound(stores.Jobs, job.Id, _file, _classes);
        _marks = new MarkRound(stores, job.Id, _file, _classes);
        _rounds = new RoundChain(RunAsync);
        (_turns, _stopping) = (turns, stopping);
        Guard(_file.Prepare);
    }

    /// <summary>The last round that was begun.</summary>
    public Task Rounds => _rounds.Last;

    /// <summary>The path of a job's index; another job of the same id, after it was deleted, has another.</summary>
    public static string PathOf(string folder, JobDocument job) => Path.Combine(folder, $"{job.Id}.{NameDigest.Of(IdentityOf(job)):x32}.db");

    /// <summary>A page of images; null where the one whose page is asked for is not among them.</summary>
    /// <exception cref="JobDocumentException">A document of the job is damaged.</exception>
    /// <exception cref="GalleryException">The index cannot be kept.</exception>
    public async Task<ImagePage?> FindAsync(GalleryQuery query, CancellationToken cancellationToken)
    {
        var isComplete = await RefreshAsync(cancellationToken);
        try
        {
            return await SearchAsync();
        }
        catch (Exception error) when (IndexFile.IsDamage(error))
        {
            // The next round makes it anew: nothing else may, since a round may be writing.
            (_isDamaged, _ended) = (true, null);
            isComplete = await RefreshAsync(cancellationToken);
        }
        try
        {
            return await SearchAsync();
        }
        catch (Exception error) when (IndexFile.IsDamage(error))
        {
            throw new GalleryException("The index of the job's images was damaged, and is being made anew; ask again in a while.", error);
        }

        Task<ImagePage?> SearchAsync() => Task.Run(() => Search(query, cancellationToken) is { } page ? page with { Complete = isComplete } : null, cancellationToken);
    }

    /// <summary>Takes in what people have just made of images of some shards; what cannot be taken in now comes with the next round.</summary>
    public async Task TakeMarksAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        try
        {
            await AloneAsync(() => _marks.TakeAsync(shards, cancellationToken), cancellationToken);
        }
        catch (Exception error) when (error is SqliteException or InvalidDataException or JobDocumentException or BlobStoreException)
        {
            _ended = null;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _file.Close();
        _marking.Dispose();
    }

    /// <summary>Brings the index up to date, or begins to.</summary>
    /// <returns>Whether it is.</returns>
    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (_ended is { } ended && await _results.SummaryAsync(cancellationToken) == ended.Summary)
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
        await _turns.WaitAsync(_stopping);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var summary = await _results.SummaryAsync(_stopping);
            if (_isDamaged)
                await RenewAsync();
            try
            {
                await TakeAsync(summary);
            }
            catch (Exception error) when (IndexFile.IsDamage(error))
            {
                await RenewAsync();
                await TakeAsync(summary);
            }
            if (!_isDamaged)
                _ended = new Ended(summary, Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(began));
        }
        catch (SqliteException error)
        {
            throw Unusable(error);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task TakeAsync(string? summary)
    {
        await _results.RunAsync(summary, _stopping);
        await AloneAsync(() => _marks.RunAsync(_stopping), _stopping);
    }

    private Task RenewAsync() => AloneAsync(() =>
    {
        _isDamaged = false;
        Guard(_file.Create);
        return Task.CompletedTask;
    }, _stopping);

    /// <summary>Nothing else takes marks in meanwhile: an older document must not come behind a newer one.</summary>
    private async Task AloneAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _marking.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            _marking.Release();
        }
    }

    private ImagePage? Search(GalleryQuery query, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = _file.Open();
            return new IndexSearch(connection, _classes).Find(query, cancellationToken);
        }
        catch (SqliteException error) when (!IndexFile.IsDamage(error))
        {
            throw Unusable(error);
        }
    }

    private static string IdentityOf(JobDocument job) => $"{job.Created:O} {string.Join('\n', job.Labels.Select(label => label.Name))}";

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(error);
        }
    }

    private GalleryException Unusable(Exception error) =>
        new($"The index of the job's images, {_file.Path}, cannot be used: {error.Message.TrimEnd('.')}. Look whether its folder may be written and its disk has room; the index itself may be deleted.", error);

    /// <summary>A round that ended well.</summary>
    /// <param name="Summary">The tag of the job's summary when it began.</param>
    /// <param name="At">When it ended.</param>
    /// <param name="Took">How long it took.</param>
    private sealed record Ended(string? Summary, long At, TimeSpan Took)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(At);

        public bool Rests => Took > Short && Age < Took * RestFactor;
    }
}
