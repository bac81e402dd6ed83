namespace Sclip.Hosting;

/// <summary>Wakes one who waits; rung several times before that, it wakes once.</summary>
public sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);

    /// <summary>Wakes who waits, or who comes to wait next.</summary>
    public void Ring()
    {
        lock (_rung)
            if (_rung.CurrentCount == 0)
                _rung.Release();
    }

    /// <summary>Waits until it is rung, or a time is over.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => _rung.WaitAsync(limit, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _rung.Dispose();
}
