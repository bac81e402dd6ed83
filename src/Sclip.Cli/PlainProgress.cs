using System.Diagnostics;
using System.Globalization;
using Sclip.Contracts;

namespace Sclip.Cli;

/// <summary>How many pictures there were so far, and how many a second: a line now and then.</summary>
/// <param name="context">Where the lines go.</param>
/// <param name="seen">The pictures that a report tells of.</param>
internal sealed class PlainProgress<T>(CliContext context, Func<T, long> seen) : IProgress<T>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last = Stopwatch.GetTimestamp();

    public void Report(T value)
    {
        if (Stopwatch.GetElapsedTime(_last) < Interval)
            return;
        _last = Stopwatch.GetTimestamp();
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(seen(value), "picture")}, {seen(value) / Stopwatch.GetElapsedTime(_start).TotalSeconds:0.0} a second"));
    }
}
