using System.Collections.Concurrent;

namespace Sclip.Chaos;

/// <summary>Counts the faults that the tests inject.</summary>
internal sealed class Faults
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Count(string kind, int faults = 1) => _counts.AddOrUpdate(kind, faults, (_, count) => count + faults);

    public override string ToString() => $"{_counts.Values.Sum()} faults injected: {string.Join(", ", _counts.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key} {item.Value}"))}.";
}
