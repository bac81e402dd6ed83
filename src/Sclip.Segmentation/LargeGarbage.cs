namespace Sclip.Segmentation;

/// <summary>
/// Gives memory back that held large arrays. The collector lets them lie until about as much again was asked for, so that a process with few of them, each large, takes
/// nearly twice what it needs.
/// </summary>
public static class LargeGarbage
{
    // Below this a collection, which holds up all threads for some tens of milliseconds, costs more than the memory is worth.
    private const long Worthwhile = 64L << 20;

    /// <summary>Collects where it is worth it.</summary>
    /// <param name="bytes">How much is garbage, about.</param>
    public static void Collect(long bytes)
    {
        // Only this mode gives the memory back at once.
        if (bytes >= Worthwhile)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
