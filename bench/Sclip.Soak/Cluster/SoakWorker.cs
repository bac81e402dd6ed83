using System.Diagnostics;
using Sclip.Testing.Servers;

namespace Sclip.Soak.Cluster;

/// <summary>A worker's process and what was done to it.</summary>
internal sealed class SoakWorker(int number, ServerProcess process)
{
    /// <summary>Seconds that one runs undisturbed until it most likely has its connections and takes shards.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);

    private long _running = Stopwatch.GetTimestamp();

    public int Number => number;

    public ServerProcess Process => process;

    /// <summary>Whether its end is somebody's doing.</summary>
    public bool MayEnd { get; set; }

    public bool IsFrozen { get; private set; }

    /// <summary>Whether it most likely takes shards.</summary>
    public bool Works => !process.HasExited && !MayEnd && !IsFrozen && Stopwatch.GetElapsedTime(_running) > StartTime;

    /// <summary>Stops it where it stands, or lets it go on.</summary>
    public void Freeze(bool isFrozen)
    {
        if (!process.HasExited)
            process.Freeze(isFrozen);
        (IsFrozen, _running) = (isFrozen, Stopwatch.GetTimestamp());
    }
}
