namespace Sclip.Imaging;

/// <summary>
/// Decodes on another thread, and watches that it comes back: decoders, also of well-known libraries, have looped for ever on valid files,
/// and a thread cannot be ended from outside. Who meets one that does not come back gets an answer; the thread is lost to the process.
/// </summary>
public sealed record WatchedDecoder
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>What decodes.</summary>
    public PictureDecoder Decode { get; init; } = ImageDecoder.Decode;

    /// <summary>Time that a picture has, from when its thread begins; then the decoder is told to end.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time that a decoder has to come back after that: not all look at what they are told.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told of each thread that is lost, by the picture that it is at.</summary>
    public Action<string> Lost { get; init; } = _ => { };

    /// <summary>Decodes a picture, and waits for it.</summary>
    /// <exception cref="ImageDecodeException">It cannot be decoded, or not in time.</exception>
    public RgbImage Run(string name, byte[] file, ImageLimits limits) => RunAsync(name, token => Decode(file, limits, token), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Runs what decodes a picture, and may do more.</summary>
    /// <param name="name">What the picture is called, for <see cref="Lost"/>.</param>
    /// <param name="work">Decodes; told by the token when it is to end.</param>
    /// <param name="cancellationToken">Passed on to the work: the task ends when that has, and a thread that is lost is noticed also after a cancellation.</param>
    /// <exception cref="ImageDecodeException">It cannot be decoded, or not in time.</exception>
    public async Task<T> RunAsync<T>(string name, Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        // Disposed of only once the thread has come back: one that is lost may still look at its token.
        var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Task.Run(() => DecoderThreads.Run(() => work(late.Token)), CancellationToken.None);
        if (!await EndsAsync(running, Time))
        {
            // By a timer: whatever the token calls must not hold up this watch.
            late.CancelAfter(TimeSpan.Zero);
            if (!await EndsAsync(running, Grace))
            {
                Lost(name);
                throw new DecodeTimeoutException(Time, isLost: true);
            }
        }
        try
        {
            return await running;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DecodeTimeoutException(Time, isLost: false);
        }
        finally
        {
            late.Dispose();
        }
    }

    /// <summary>
    /// Counts only what the work has of a thread, and only while this process runs: on a machine that is overloaded it may wait long for its thread,
    /// and one that was halted meanwhile, as with its machine, has lost no more than a tick.
    /// </summary>
    private static async Task<bool> EndsAsync(Task running, TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero && !running.IsCompleted;)
        {
            var (step, isRunning) = (left < Tick ? left : Tick, running.Status == TaskStatus.Running);
            await running.WaitAsync(step, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            left -= isRunning ? step : TimeSpan.Zero;
        }
        return running.IsCompleted;
    }
}
