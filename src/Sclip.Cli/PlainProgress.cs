using System.Diagnostics;
using System.Globalization;
using Sclip.Contracts;
using Sclip.Formats;
using Sclip.Formats.Importing;

namespace Sclip.Cli;

/// <summary>Tells in a line now and then how many pictures are done, how many a second, and how long the rest takes. May be told from any thread.</summary>
/// <param name="context">Where the lines go.</param>
/// <param name="total">How many pictures there are; null where that is not known.</param>
/// <param name="before">Those that were done before this run, which do not count in its rate.</param>
internal sealed class PlainProgress(CliContext context, long? total = null, long before = 0) : IProgress<long>, IProgress<ExportSummary>, IProgress<ImportSummary>
{
    private readonly Lock _gate = new();
    private readonly Throttle _throttle = new();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Takes how many are done, and tells it where the last line is some seconds old.</summary>
    public void Report(long value)
    {
        lock (_gate)
            if (_throttle.Passes())
                Tell(value);
    }

    void IProgress<ExportSummary>.Report(ExportSummary value) => Report(value.Seen);

    void IProgress<ImportSummary>.Report(ImportSummary value) => Report(value.Imported + value.Failed);

    /// <summary>Tells how many are done at once.</summary>
    public void Tell(long done) => context.Output.WriteLine(total is { } all
        ? $"{done}/{Counted.Of(all, "picture")}, {Rate(done - before, _start)}, {Left(all - done, done - before)} left"
        : $"{Counted.Of(done, "picture")}, {Rate(done - before, _start)}");

    /// <summary>Pictures a second.</summary>
    /// <param name="done">How many.</param>
    /// <param name="start">Since when: a timestamp of <see cref="Stopwatch"/>.</param>
    public static string Rate(long done, long start)
    {
        var rate = done / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return $"{rate.ToString(rate < 1 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} a second";
    }

    private string Left(long left, long done)
    {
        var time = Stopwatch.GetElapsedTime(_start) / Math.Max(1, done) * Math.Max(0, left);
        return $"{(int)time.TotalHours:00}:{time:mm\\:ss}";
    }
}
