namespace Sclip.Worker.Pipeline;

/// <summary>
/// Gives memory back that held large arrays. The collector lets them lie until about as much again was asked for, so that a process with few of them, each large, takes
/// nearly twice what it needs.
/// </summary>
/// <param name="worthwhile">Bytes of garbage from which on it is worth it.</param>
/// <param name="pause">What lies between two collections at least: each holds up all threads, and under a stream of large pictures the collector comes by itself.</param>
/// <param name="time">The clock.</param>
/// <param name="collect">Collects.</param>
internal sealed class LargeGarbage(long worthwhile, TimeSpan pause, TimeProvider time, Action collect)
{
    // Only this mode gives the memory back at once.
    public static readonly LargeGarbage OfProcess = new(
        64L << 20, TimeSpan.FromSeconds(5), TimeProvider.System, () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    private readonly Lock _lock = new();
    private long? _last;

    /// <summary>Collects where it is worth it.</summary>
    /// <param name="bytes">How much has become garbage, about.</param>
    public void Collect(long bytes)
    {
        lock (_lock)
        {
            if (bytes < worthwhile || (_last is { } last && time.GetElapsedTime(last) < pause))
                return;
            _last = time.GetTimestamp();
        }
        collect();
    }
}
