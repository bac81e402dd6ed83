using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.Workbench.Engines;

/// <summary>
/// A model made ready for sessions: what computes features, labels them and embeds names. All of it runs on the model's threads, so one thing is done at
/// a time; what nobody waits for gives way to what somebody does.
/// </summary>
public sealed class WorkbenchEngine : IDisposable
{
    // Who has just typed types on: what is done ahead waits that long.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private readonly HashSet<CancellationTokenSource> _ahead = [];
    private long _lastAsked = Environment.TickCount64 - (long)Quiet.TotalMilliseconds;
    private int _asking;
    private bool _isEnded;

    /// <param name="model">The model, which is the engine's from here on.</param>
    /// <param name="device">What features are computed on.</param>
    /// <exception cref="DeviceException">The model does not fit into the device.</exception>
    public WorkbenchEngine(ClipModel model, IEngineDevice device)
    {
        (Model, Embedder) = (model, new NameEmbedder(model));
        Segmenter = device.CreateSegmenter(model);
        Labeller = new FeatureLabeller(model);
    }

    /// <summary>The model.</summary>
    public ClipModel Model { get; }

    /// <summary>How many wait for an answer, or are given one.</summary>
    internal int Asking => Volatile.Read(ref _asking);

    internal ISegmenter Segmenter { get; }

    internal FeatureLabeller Labeller { get; }

    internal NameEmbedder Embedder { get; }

    /// <summary>Does what somebody waits for.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal async Task<T> AnswerAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _asking++;
            foreach (var given in _ahead)
                given.Cancel();
        }
        try
        {
            return await RunAsync(work, cancellationToken);
        }
        finally
        {
            lock (_gate)
                (_asking, _lastAsked) = (_asking - 1, Environment.TickCount64);
        }
    }

    /// <summary>Does a piece of what must be done, in turn with all else.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal async Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_isEnded)
                throw new OperationCanceledException("The engine has ended.");
            return await Task.Run(() => work(cancellationToken), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Does a piece of what nobody waits for, once nobody has asked for anything for a while; it is begun anew where somebody does meanwhile.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal async Task<T> RunAheadAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (Begin(given) is { } rest)
            {
                await Task.Delay(rest, cancellationToken);
                continue;
            }
            try
            {
                return await RunAsync(work, given.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !_isEnded)
            {
                // Somebody asked.
            }
            finally
            {
                lock (_gate)
                    _ahead.Remove(given);
            }
        }
    }

    /// <summary>Lets what is done ahead begin; else says how long it is to wait.</summary>
    private TimeSpan? Begin(CancellationTokenSource given)
    {
        lock (_gate)
        {
            var rest = Quiet - TimeSpan.FromMilliseconds(Environment.TickCount64 - _lastAsked);
            if (_asking > 0)
                return Quiet;
            if (rest > TimeSpan.Zero)
                return rest;
            _ahead.Add(given);
            return null;
        }
    }

    /// <summary>Ends, once what runs has; what waits for its turn then is cancelled.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _isEnded = true;
        Segmenter.Dispose();
        Labeller.Dispose();
        Embedder.Dispose();
        Model.Dispose();
        // Never disposed of: it has no handle, and somebody may still wait.
        _turn.Release();
    }
}
