using Sclip.Storage;

namespace Sclip.Worker.Models;

/// <summary>Keeps two pulls of one model, in one process or in several, from writing the same files.</summary>
internal static class ModelLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Waits until no other holds the lock; it is held until the result is disposed of, or the process ends.</summary>
    /// <param name="path">The lock file; it stays, since to delete it would free it for a second holder.</param>
    /// <param name="waiting">Called once, where another holds it.</param>
    /// <param name="delay">Waits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IDisposable> Acquire(
        string path, Action waiting, Func<TimeSpan, CancellationToken, Task> delay, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var first = true; ; first = false)
        {
            if (HeldFile.TryTake(path) is { } held)
                return held;
            if (first)
                waiting();
            await delay(Interval, cancellationToken);
        }
    }
}
