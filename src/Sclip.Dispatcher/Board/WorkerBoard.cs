using System.Collections.Concurrent;
using Sclip.Contracts.Board;
using Sclip.Contracts.Messages;

namespace Sclip.Dispatcher.Board;

/// <summary>The workers that have reported: those that are there, and for some hours those that are gone.</summary>
internal sealed class WorkerBoard(TimeProvider time)
{
    /// <summary>Silence after which a worker is gone: it reports every five seconds.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(20);

    private const int MostRecords = 1000;
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<string, WorkerRecord> _workers = new(StringComparer.Ordinal);

    /// <summary>Takes in what a worker says of itself.</summary>
    public void Hear(WorkerReport report)
    {
        _workers.GetOrAdd(report.Worker, _ => new WorkerRecord(time)).Hear(report);
        if (_workers.Count > MostRecords && _workers.MaxBy(worker => worker.Value.Silence) is var (name, _))
            _workers.TryRemove(name, out _);
    }

    /// <summary>The workers of now, by name.</summary>
    public IReadOnlyList<WorkerState> Workers()
    {
        foreach (var (name, record) in _workers)
            if (record.Silence > Remembered)
                _workers.TryRemove(name, out _);
        return [.. _workers.Values.Where(record => !IsGone(record)).Select(record => record.State).OfType<WorkerState>().OrderBy(worker => worker.Name, StringComparer.Ordinal)];
    }

    /// <summary>All that is known of a worker, also of one that is gone; null where it has not reported for hours.</summary>
    public WorkerDetail? Find(string name) => _workers.TryGetValue(name, out var record) ? record.Detail(IsGone(record)) : null;

    // With nothing left in work, a worker that stops is as good as gone.
    private static bool IsGone(WorkerRecord record) => record.HasStopped || record.Silence > LongestSilence;
}
