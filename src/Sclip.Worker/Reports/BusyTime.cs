using System.Diagnostics;

namespace Sclip.Worker.Reports;

/// <summary>How long anything was in work, however many things at once.</summary>
internal sealed class BusyTime
{
    private readonly Stopwatch _watch = new();
    private readonly Lock _lock = new();
    private int _begun;

    /// <summary>Seconds so far.</summary>
    public double Seconds
    {
        get
        {
            lock (_lock)
                return _watch.Elapsed.TotalSeconds;
        }
    }

    /// <summary>Something begins.</summary>
    public void Begin()
    {
        lock (_lock)
            if (_begun++ == 0)
                _watch.Start();
    }

    /// <summary>Something that began has ended.</summary>
    public void End()
    {
        lock (_lock)
            if (--_begun == 0)
                _watch.Stop();
    }
}
