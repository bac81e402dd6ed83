namespace Sclip.Dispatcher.Board;

/// <summary>Wakes one who waits; rung twice before that, it wakes once.</summary>
internal sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);

    public void Ring()
    {
        lock (_rung)
            if (_rung.CurrentCount == 0)
                _rung.Release();
    }

    /// <summary>Waits until it is rung, or a time is over.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => _rung.WaitAsync(limit, cancellationToken);

    public void Dispose() => _rung.Dispose();
}
