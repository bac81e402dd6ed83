namespace Sclip.Hosting;

/// <summary>Wakes one who waits, as <see cref="AutoResetEvent"/> does, but without blocking a thread; set several times before that, it wakes once.</summary>
public sealed class AsyncAutoResetEvent : IDisposable
{
    private readonly SemaphoreSlim _set = new(0, 1);

    /// <summary>Wakes who waits, or who comes to wait next.</summary>
    public void Set()
    {
        lock (_set)
            if (_set.CurrentCount == 0)
                _set.Release();
    }

    /// <summary>Waits until it is set, or a time is over.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => _set.WaitAsync(limit, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _set.Dispose();
}
