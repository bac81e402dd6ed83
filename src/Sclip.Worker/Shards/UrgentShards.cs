namespace Sclip.Worker.Shards;

/// <summary>
/// The urgent shards in work. While there is one for each device, other shards take no further image: not the engine alone is shared, which lets urgent
/// images go first, but also the processor that decodes and encodes.
/// </summary>
/// <param name="devices">How many shards of a kind are in work at the same time.</param>
internal sealed class UrgentShards(int devices)
{
    private readonly Lock _turn = new();
    private TaskCompletionSource? _over;
    private int _count;

    /// <summary>Takes an urgent shard into work, until the result is disposed of.</summary>
    public IDisposable Begin()
    {
        lock (_turn)
            if (++_count == devices)
                _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Work(this);
    }

    /// <summary>Waits while urgent shards take all devices.</summary>
    public async Task GiveWayAsync(CancellationToken cancellationToken)
    {
        while (Over() is { } over)
            await over.WaitAsync(cancellationToken);
    }

    private Task? Over()
    {
        lock (_turn)
            return _over?.Task;
    }

    private void End()
    {
        lock (_turn)
        {
            if (_count-- != devices)
                return;
            _over!.SetResult();
            _over = null;
        }
    }

    private sealed class Work(UrgentShards shards) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                shards.End();
        }
    }
}
