using System.Diagnostics;
using Sclip.Testing.Servers;

namespace Sclip.Soak.Cluster;

/// <summary>A worker's process and what was done to it.</summary>
internal sealed class SoakWorker(int number, ServerProcess process)
{
    // Until it has connected and takes shards.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(6);
    private readonly long _started = Stopwatch.GetTimestamp();

    public int Number => number;

    public ServerProcess Process => process;

    /// <summary>Whether its end is somebody's doing.</summary>
    public bool MayEnd { get; set; }

    public bool IsFrozen { get; set; }

    /// <summary>Whether it most likely takes shards.</summary>
    public bool Works => !process.HasExited && !MayEnd && !IsFrozen && Stopwatch.GetElapsedTime(_started) > StartTime;
}
