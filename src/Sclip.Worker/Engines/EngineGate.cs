namespace Sclip.Worker.Engines;

/// <summary>Lets one caller at a time to an engine: urgent ones first, else in the order in which they came.</summary>
public sealed class EngineGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<IDisposable>> _urgent = new(), _ordinary = new();
    private bool _taken;

    /// <summary>Waits for the engine; it is the caller's until the result is disposed of.</summary>
    /// <param name="urgent">Whether the caller goes before all that are not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IDisposable> EnterAsync(bool urgent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource<IDisposable>> waiter;
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return new Turn(this);
            }
            waiter = (urgent ? _urgent : _ordinary).AddLast(new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        using var registration = cancellationToken.Register(() => Leave(waiter, cancellationToken));
        return await waiter.Value.Task;
    }

    private void Leave(LinkedListNode<TaskCompletionSource<IDisposable>> waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // One whose turn has come is in no list any more: it gets its turn, and gives it on by itself.
            if (waiter.List is null)
                return;
            waiter.List.Remove(waiter);
        }
        waiter.Value.SetCanceled(cancellationToken);
    }

    private void Pass()
    {
        TaskCompletionSource<IDisposable> next;
        lock (_lock)
        {
            var waiters = _urgent.Count > 0 ? _urgent : _ordinary;
            if (waiters.First is not { } first)
            {
                _taken = false;
                return;
            }
            waiters.RemoveFirst();
            next = first.Value;
        }
        next.SetResult(new Turn(this));
    }

    private sealed class Turn(EngineGate gate) : IDisposable
    {
        private int _passed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _passed, 1) == 0)
                gate.Pass();
        }
    }
}
