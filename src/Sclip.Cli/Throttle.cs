using System.Diagnostics;

namespace Sclip.Cli;

/// <summary>Lets something through once in an interval, the first time after one has passed.</summary>
/// <param name="interval">The interval; null for five seconds, which plain lines of progress keep.</param>
internal sealed class Throttle(TimeSpan? interval = null)
{
    private readonly TimeSpan _interval = interval ?? TimeSpan.FromSeconds(5);
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Whether it is time again; the next interval begins then.</summary>
    public bool Passes()
    {
        if (Stopwatch.GetElapsedTime(_last) < _interval)
            return false;
        _last = Stopwatch.GetTimestamp();
        return true;
    }
}
