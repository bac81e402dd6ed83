using System.Collections.Concurrent;

namespace Sclip.Dispatcher.Board;

/// <summary>Jobs that the store does not let be read: each is left alone for a while, so that the others go on.</summary>
/// <param name="time">The clock.</param>
internal sealed class PassedOver(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (string Reason, long At)> _jobs = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _jobs.Count;

    /// <summary>Which they are, and why; null where there are none.</summary>
    public string? Problem => _jobs.OrderBy(job => job.Key, StringComparer.Ordinal).ToArray() switch
    {
        [] => null,
        [var (id, (reason, _))] => $"Job {id} cannot be read, and is passed over until it can: {reason}",
        [var (id, (reason, _)), .. var others] => $"{others.Length + 1} jobs cannot be read, and are passed over until they can; the first is {id}: {reason}",
    };

    /// <summary>Whether a job is to be left alone now.</summary>
    public bool Contains(string id) => _jobs.TryGetValue(id, out var job) && time.GetElapsedTime(job.At) < Pause;

    /// <summary>Leaves a job alone for a while.</summary>
    public void Add(string id, string reason) => _jobs[id] = (reason, time.GetTimestamp());

    /// <summary>Takes a job for one that can be read.</summary>
    public void Remove(string id) => _jobs.TryRemove(id, out _);

    /// <summary>Forgets the jobs that are gone.</summary>
    /// <param name="ids">Those that are there.</param>
    public void Keep(IReadOnlySet<string> ids)
    {
        foreach (var id in _jobs.Keys.Where(id => !ids.Contains(id)))
            Remove(id);
    }
}
