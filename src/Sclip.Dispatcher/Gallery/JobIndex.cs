using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Sclip.Contracts.Jobs;
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

    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private readonly string _identity;
    private readonly Lock _sync = new();
    private readonly IndexFile _file;
    private readonly IndexRound _round;
    private readonly SemaphoreSlim _turns;
    private readonly CancellationToken _stopping;
    private Task _running = Task.CompletedTask;
    private Task? _next;
    private Ended? _ended;

    /// <param name="jobs">The jobs.</param>
    /// <param name="job">The job.</param>
    /// <param name="folder">Where indexes lie.</param>
    /// <param name="turns">Rounds of all jobs that may run at once.</param>
    /// <param name="stopping">Ends rounds.</param>
    public JobIndex(JobBlobs jobs, JobDocument job, string folder, SemaphoreSlim turns, CancellationToken stopping)
    {
        foreach (var (place, label) in job.Labels.Index())
            _classes.TryAdd(label.Name, place);
        _identity = IdentityOf(job);
        _file = new IndexFile(PathOf(folder, job.Id), _identity);
        _round = new IndexRound(jobs, job.Id, _file, _classes);
        (_turns, _stopping) = (turns, stopping);
        Guard(_file.Prepare);
    }

    /// <summary>Whether a round runs.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_sync)
                return !_running.IsCompleted || _next is not null;
        }
    }

    /// <summary>The path of a job's index.</summary>
    public static string PathOf(string folder, string id) => Path.Combine(folder, $"{id}.db");

    /// <summary>Whether it is the index of a job, and not of an earlier one of the same id.</summary>
    public bool IsOf(JobDocument job) => IdentityOf(job) == _identity;

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
            Guard(_file.Create);
            _ended = null;
            isComplete = await RefreshAsync(cancellationToken);
            return await SearchAsync();
        }

        Task<ImagePage?> SearchAsync() => Task.Run(() => Search(query, cancellationToken) is { } page ? page with { Complete = isComplete } : null, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Close();

    /// <summary>Brings the index up to date, or begins to.</summary>
    /// <returns>Whether it is.</returns>
    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (_ended is { } ended && await _round.SummaryAsync(cancellationToken) == ended.Summary && (ended.Summary is not null || ended.Rests))
            return ended.Summary is not null;
        try
        {
            await Begin().WaitAsync(Patience, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>A round that begins now, or behind the one that runs: that one may have passed by what is new.</summary>
    private Task Begin()
    {
        lock (_sync)
        {
            if (_next is not null)
                return _next;
            if (_running.IsCompleted)
                return _running = Task.Run(RunAsync, CancellationToken.None);
            return _next = Task.Run(() => FollowAsync(_running), CancellationToken.None);
        }
    }

    private async Task FollowAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_sync)
            (_running, _next) = (_next!, null);
        await RunAsync();
    }

    private async Task RunAsync()
    {
        await _turns.WaitAsync(_stopping);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var summary = await _round.SummaryAsync(_stopping);
            try
            {
                await _round.RunAsync(summary, _stopping);
            }
            catch (Exception error) when (IndexFile.IsDamage(error))
            {
                Guard(_file.Create);
                await _round.RunAsync(summary, _stopping);
            }
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
        public bool Rests => Took > Short && Stopwatch.GetElapsedTime(At) < Took * RestFactor;
    }
}
