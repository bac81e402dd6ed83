using System.Diagnostics;

namespace Sclip.Soak.Cluster;

/// <summary>Knows whether broker and store are, and were for some seconds, as they should be.</summary>
internal sealed class Weather
{
    /// <summary>Seconds after a fault of a server until it no longer counts: connections come back, and what failed is tried again after up to 5 seconds, the call within it after up to 4.</summary>
    public static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(8);

    private readonly Lock _turn = new();
    private int _disturbances;
    private long _last = Stopwatch.GetTimestamp();

    public bool IsCalm
    {
        get
        {
            lock (_turn)
                return _disturbances == 0 && Stopwatch.GetElapsedTime(_last) > Aftermath;
        }
    }

    /// <summary>A fault of a server, until it is disposed.</summary>
    public IDisposable Disturb()
    {
        lock (_turn)
            _disturbances++;
        return new Disturbance(this);
    }

    private sealed class Disturbance(Weather weather) : IDisposable
    {
        public void Dispose()
        {
            lock (weather._turn)
                (weather._disturbances, weather._last) = (weather._disturbances - 1, Stopwatch.GetTimestamp());
        }
    }
}
