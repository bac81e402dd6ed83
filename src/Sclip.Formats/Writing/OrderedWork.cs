namespace Sclip.Formats.Writing;

/// <summary>
/// Work at pictures on several threads, whose results are taken one after the other in the order in which it was started, so that the same input gives
/// the same bytes. A few pictures are in memory at once, however many there are.
/// </summary>
/// <param name="threads">Pictures that are worked at at once.</param>
/// <param name="cancellationToken">Stops the work.</param>
internal sealed class OrderedWork<T>(int threads, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>The pixels of pictures that are in work at once; one of more is in work alone.</summary>
    public const long MostPixels = 64L << 20;

    private readonly Queue<(long Pixels, Task<T> Work, Func<Task<T>, Task> TakeAsync)> _inWork = new();
    private readonly SemaphoreSlim _threads = new(threads);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private long _pixels;

    /// <summary>Is cancelled when the work is to end.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Starts work at a picture; takes results until there is room for it.</summary>
    /// <param name="pixels">The pixels that it holds.</param>
    /// <param name="work">The work.</param>
    /// <param name="takeAsync">Takes its result, or what it failed of.</param>
    public async Task StartAsync(long pixels, Func<CancellationToken, Task<T>> work, Func<Task<T>, Task> takeAsync)
    {
        while (_inWork.Count >= 2 * threads || (_inWork.Count > 0 && _pixels + pixels > MostPixels))
            await TakeNextAsync();
        _inWork.Enqueue((pixels, Task.Run(() => WorkAsync(work), Stop), takeAsync));
        _pixels += pixels;
    }

    /// <summary>Takes the results that are left.</summary>
    public async Task EndAsync()
    {
        while (_inWork.Count > 0)
            await TakeNextAsync();
    }

    /// <summary>Ends what is still in work: nobody may be at it any more when files are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_inWork.Select(item => item.Work)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
        _threads.Dispose();
    }

    private async Task TakeNextAsync()
    {
        // What cannot be taken stays, so that its end is waited for.
        var (pixels, work, takeAsync) = _inWork.Peek();
        await takeAsync(work);
        _inWork.Dequeue();
        _pixels -= pixels;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<T> WorkAsync(Func<CancellationToken, Task<T>> work)
    {
        await _threads.WaitAsync(Stop);
        try
        {
            return await work(Stop);
        }
        finally
        {
            _threads.Release();
        }
    }
}
