namespace Sclip.Dispatcher.Downloads;

/// <summary>
/// The disk that downloads may take together. One that is being made may become as large as one may be; once made, it takes what it is until it is sent. So
/// slow callers keep nobody waiting unless their files fill the disk.
/// </summary>
/// <param name="most">Most bytes of one.</param>
internal sealed class DownloadRoom(long most)
{
    // Two are made at a time, also while a few small ones are being sent.
    private readonly long _all = 2 * most + most / 4;
    private readonly Lock _lock = new();
    private long _taken;
    private TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes the room of a download that is to be made.</summary>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="JobRequestException">There is none.</exception>
    public async Task<Share> TakeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(patience);
        while (true)
        {
            Task freed;
            lock (_lock)
            {
                if (_taken + most <= _all)
                {
                    _taken += most;
                    return new Share(this, most);
                }
                freed = _freed.Task;
            }
            try
            {
                await freed.WaitAsync(end.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new JobRequestException(JobRequestFault.Busy, "Other downloads are being made or sent, and there is no room for another one. Try again in a moment, or take the masks, which need none.");
            }
        }
    }

    private void Free(long bytes)
    {
        lock (_lock)
        {
            _taken -= bytes;
            _freed.TrySetResult();
            _freed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The room of one download, until it is disposed of.</summary>
    internal sealed class Share(DownloadRoom room, long most) : IDisposable
    {
        private long _bytes = most;

        /// <summary>Most bytes that it may take.</summary>
        public long Most { get; } = most;

        /// <summary>Gives back what a download does not take that is made; it keeps no more than it had.</summary>
        public void Keep(long bytes)
        {
            var kept = Math.Min(bytes, Most);
            room.Free(Interlocked.Exchange(ref _bytes, kept) - kept);
        }

        /// <inheritdoc />
        public void Dispose() => room.Free(Interlocked.Exchange(ref _bytes, 0));
    }
}
