using Sclip.Contracts.Board;

namespace Sclip.Dispatcher.Estimating;

/// <summary>What the workers that there are compute together.</summary>
/// <param name="Workers">Workers that would take a job.</param>
/// <param name="Told">Those of them that have told how fast they computed before.</param>
/// <param name="WindowsPerSecond">Windows a second of all, those that have not told taken to be as the others; null where none has.</param>
public sealed record FleetSpeed(int Workers, int Told, double? WindowsPerSecond)
{
    /// <summary>Adds up workers.</summary>
    /// <param name="workers">What each is about, computes on, and computes a second.</param>
    /// <param name="device">What the job asks to be computed on; null where it does not matter.</param>
    public static FleetSpeed Of(IEnumerable<(WorkerPhase Phase, IReadOnlyList<string> Devices, double? WindowsPerSecond)> workers, string? device)
    {
        var fit = workers.Where(worker => worker.Phase != WorkerPhase.Stopping && (device is null || worker.Devices.Any(name => name.Split(':')[0] == device))).ToArray();
        var told = fit.Select(worker => worker.WindowsPerSecond).OfType<double>().ToArray();
        return new FleetSpeed(fit.Length, told.Length, told.Length == 0 ? null : told.Average() * fit.Length);
    }
}
