using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;
using Sclip.Dispatcher.Catalog;
using Sclip.Hosting;

namespace Sclip.Dispatcher.Board;

/// <summary>Keeps the overview: every second while somebody watches, else often enough for the metrics.</summary>
internal sealed partial class BoardService(JobBoard jobs, FleetBoard fleet, WorkerBoard workers, QueueBoard queues, TimeProvider time, ILogger<BoardService> logger) : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnwatchedCompose = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UnwatchedRefresh = TimeSpan.FromSeconds(15);

    // A full disk is not emptied by trying again at once.
    private static readonly TimeSpan CachePause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(0.15);

    private readonly Lock _composing = new();
    private readonly AsyncAutoResetEvent _refresh = new();
    private readonly AsyncAutoResetEvent _compose = new();
    private volatile TaskCompletionSource _refreshed = NewTurn();
    private volatile TaskCompletionSource _changed = NewTurn();
    private volatile string? _storeProblem = "The jobs are not read yet.";
    private volatile BoardView _view = new(new Overview { Time = time.GetUtcNow(), Jobs = [], Workers = [], Queues = [], JobsTotal = 0 }, new Dictionary<JobState, int>(), 0);
    private int _watchers;

    /// <summary>What was last known.</summary>
    public BoardView View => _view;

    private bool IsWatched => Volatile.Read(ref _watchers) > 0;

    /// <summary>The overview of now; where that takes long to read, what is known so far.</summary>
    public async Task<Overview> ReadAsync(CancellationToken cancellationToken)
    {
        await FreshenAsync(Patience, cancellationToken);
        ComposeIfPossible();
        return View.Overview;
    }

    /// <summary>The sums of now; what takes longer to read than a person waits gladly is in the next.</summary>
    /// <exception cref="CacheException">The list of all jobs cannot be used.</exception>
    public async Task<FleetSummary> SumAsync(CancellationToken cancellationToken)
    {
        await FreshenAsync(Moment, cancellationToken);
        Compose();
        return View.Overview.Fleet!;
    }

    /// <summary>A page of jobs as they are now; what takes longer to read than a person waits gladly is in the next.</summary>
    /// <exception cref="CacheException">The list of all jobs cannot be used.</exception>
    public async Task<JobPage> FindAsync(JobQuery query, CancellationToken cancellationToken)
    {
        await FreshenAsync(Moment, cancellationToken);
        return fleet.Find(query);
    }

    private async Task FreshenAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var refreshed = _refreshed.Task;
        using (Watch())
            await WaitAsync(refreshed, limit, cancellationToken);
    }

    /// <summary>Has what is due read now.</summary>
    public void Hasten() => _refresh.Set();

    /// <summary>Has the overview kept fresh until the result is disposed of.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        _refresh.Set();
        _compose.Set();
        return new Watcher(this);
    }

    /// <summary>Waits for a view of another number than a given one, no longer than a time.</summary>
    public async Task<BoardView> NextAsync(long number, TimeSpan limit, CancellationToken cancellationToken)
    {
        var changed = _changed.Task;
        if (View.Number == number)
            await WaitAsync(changed, limit, cancellationToken);
        return View;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _refresh.Dispose();
        _compose.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var metrics = new BoardMetrics(() => View);
        // Apart, so that a slow store does not hide what workers and queues do.
        await Task.WhenAll(RefreshAsync(stoppingToken), ComposeAsync(metrics, stoppingToken));
    }

    private static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task WaitAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        await task.WaitAsync(limit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (pause, isPatient) = (UnwatchedRefresh, false);
            try
            {
                await jobs.RefreshAsync(cancellationToken);
                Tell(jobs.Problem);
                if (!jobs.IsComplete)
                    pause = Step;
            }
            // Whatever it is: what was known stays, and the service goes on.
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                Tell(error.Message);
                isPatient = error is CacheException;
            }
            Interlocked.Exchange(ref _refreshed, NewTurn()).SetResult();
            _compose.Set();
            if (isPatient)
                await Task.Delay(CachePause, cancellationToken);
            else
                await _refresh.WaitAsync(IsWatched ? Step : pause, cancellationToken);
        }
    }

    /// <summary>Shows why jobs cannot be read, and says it in the log where it is news.</summary>
    private void Tell(string? problem)
    {
        if (problem is not null && problem != _storeProblem)
            LogProblem(problem);
        _storeProblem = problem;
    }

    private async Task ComposeAsync(BoardMetrics metrics, CancellationToken cancellationToken)
    {
        while (true)
        {
            ComposeIfPossible();
            metrics.Follow();
            await _compose.WaitAsync(IsWatched ? Step : UnwatchedCompose, cancellationToken);
        }
    }

    private void Compose()
    {
        lock (_composing)
        {
            var (shown, sums, states) = fleet.Overview();
            Show(View.Overview with { Jobs = shown, Store = _storeProblem, JobsTotal = sums.Indexed, Fleet = sums }, states);
        }
    }

    /// <summary>The same; where the list of all jobs cannot be used, what was shown of them stays, with the reason.</summary>
    private void ComposeIfPossible()
    {
        try
        {
            Compose();
        }
        catch (CacheException error)
        {
            lock (_composing)
                Show(View.Overview with { Store = error.Message }, View.States);
        }
    }

    private void Show(Overview overview, IReadOnlyDictionary<JobState, int> states)
    {
        var before = View;
        _view = before.Next(overview with { Time = time.GetUtcNow(), Workers = workers.Workers(), Queues = queues.State.Queues, Broker = queues.State.Problem }, states);
        if (View.Number != before.Number)
            Interlocked.Exchange(ref _changed, NewTurn()).SetResult();
    }

    [LoggerMessage(1, LogLevel.Warning, "Jobs are not shown as they are: {Reason}")]
    private partial void LogProblem(string reason);

    private sealed class Watcher(BoardService board) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
                Interlocked.Decrement(ref board._watchers);
        }
    }
}
