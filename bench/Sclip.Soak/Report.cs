using System.Collections.Concurrent;
using System.Diagnostics;

namespace Sclip.Soak;

/// <summary>What a run says, line by line with the time since its start, and what it counts.</summary>
internal sealed class Report(TextWriter output, TextWriter log)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _broken = new();
    private readonly Lock _turn = new();

    public int Faults => _faults.Values.Sum();

    /// <summary>Rules that were broken.</summary>
    public IReadOnlyCollection<string> Broken => _broken;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Say(string line)
    {
        Write($"{Elapsed:hh\\:mm\\:ss\\.f} {line}");
    }

    public void Fault(string kind, string what)
    {
        _faults.AddOrUpdate(kind, 1, (_, count) => count + 1);
        Say($"fault {Faults}: {kind}: {what}");
    }

    public void Break(string rule)
    {
        _broken.Enqueue(rule);
        Say($"BROKEN: {rule}");
    }

    /// <summary>The kinds of faults and how many there were of each.</summary>
    public void WriteTable()
    {
        Write("\n| fault | count |\n|---|---:|");
        foreach (var (kind, count) in _faults.OrderByDescending(item => item.Value).ThenBy(item => item.Key, StringComparer.Ordinal))
            Write($"| {kind} | {count} |");
    }

    private void Write(string line)
    {
        lock (_turn)
        {
            output.WriteLine(line);
            log.WriteLine(line);
            log.Flush();
        }
    }
}
