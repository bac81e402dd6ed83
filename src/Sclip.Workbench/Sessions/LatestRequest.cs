namespace Sclip.Workbench.Sessions;

/// <summary>What is asked again before it is answered: of several who ask at the same time the last one counts.</summary>
internal sealed class LatestRequest
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;

    /// <summary>Does it in place of whoever asked before.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="ended">The end of the session.</param>
    /// <param name="cancellationToken">Who asks has gone.</param>
    /// <exception cref="WorkbenchException">A later one took its place.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken ended, CancellationToken cancellationToken)
    {
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended);
        lock (_gate)
        {
            _running?.Cancel();
            _running = mine;
        }
        try
        {
            return await work(mine.Token);
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested && !cancellationToken.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            throw new WorkbenchException(409, "A later request took the place of this one.");
        }
        finally
        {
            lock (_gate)
                if (_running == mine)
                    _running = null;
        }
    }
}
