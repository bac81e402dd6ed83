using System.Diagnostics;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Runs rounds of one kind of work one after the other, in the background, and no more of them than are asked for.</summary>
/// <param name="run">A round.</param>
internal sealed class RoundChain(Func<Task> run)
{
    private readonly Lock _sync = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;
    private long _began;

    /// <summary>The last round that was asked for.</summary>
    public Task Last
    {
        get
        {
            lock (_sync)
                return _next ?? _running;
        }
    }

    /// <summary>How long the round that runs has done so.</summary>
    public TimeSpan Running
    {
        get
        {
            lock (_sync)
                return _running.IsCompleted ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_began);
        }
    }

    /// <summary>A round that begins now, or behind the one that runs: that one may have passed by what is new.</summary>
    public Task Begin()
    {
        lock (_sync)
        {
            if (_next is not null)
                return _next;
            if (!_running.IsCompleted)
                return _next = Task.Run(FollowAsync);
            _began = Stopwatch.GetTimestamp();
            return _running = Task.Run(run);
        }
    }

    private async Task FollowAsync()
    {
        Task before;
        lock (_sync)
            before = _running;
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_sync)
            (_running, _next, _began) = (_next!, null, Stopwatch.GetTimestamp());
        await run();
    }
}
