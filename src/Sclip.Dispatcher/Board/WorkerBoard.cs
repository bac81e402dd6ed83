using System.Collections.Concurrent;
using Sclip.Contracts.Board;
using Sclip.Contracts.Messages;
using Sclip.Dispatcher.Control;

namespace Sclip.Dispatcher.Board;

/// <summary>The workers that were heard of lately.</summary>
internal sealed class WorkerBoard(TimeProvider time)
{
    /// <summary>Silence after which a worker is gone: it reports every five seconds.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Entry> _workers = new(StringComparer.Ordinal);

    /// <summary>Takes in what a worker says of itself.</summary>
    public void Hear(WorkerReport report)
    {
        // With nothing left in work, a worker that stops is as good as gone.
        if (report is { Phase: WorkerPhase.Stopping, Shards.Count: 0 })
            _workers.TryRemove(report.Worker, out _);
        else
            _workers.GetOrAdd(report.Worker, _ => new Entry(time)).Hear(report);
    }

    /// <summary>The workers of now, by name.</summary>
    public IReadOnlyList<WorkerState> Workers()
    {
        foreach (var (name, entry) in _workers)
            if (entry.Silence > LongestSilence)
                _workers.TryRemove(name, out _);
        return [.. _workers.Values.Select(entry => entry.State).OfType<WorkerState>().OrderBy(worker => worker.Name, StringComparer.Ordinal)];
    }

    private sealed class Entry(TimeProvider time)
    {
        private readonly ImageRate _rate = new(time);
        private long _heard = time.GetTimestamp();

        public TimeSpan Silence => time.GetElapsedTime(_heard);

        public WorkerState? State { get; private set; }

        public void Hear(WorkerReport report)
        {
            lock (_rate)
            {
                _heard = time.GetTimestamp();
                _rate.Add(report.Images);
                State = new WorkerState
                {
                    Name = report.Worker,
                    Started = report.Started,
                    Version = report.Version,
                    State = report.Phase,
                    Reason = report.Reason,
                    Waits = report.Waits,
                    Shards = report.Shards,
                    Images = report.Images,
                    Windows = report.Windows,
                    WindowsPerSecond = report.WindowsPerSecond,
                    ImagesPerSecond = _rate.PerSecond is { } rate ? Math.Round(rate, 3) : null,
                    Models = report.Models,
                    Devices = report.Devices,
                    Heard = time.GetUtcNow(),
                };
            }
        }
    }
}
