using System.Diagnostics;
using System.Globalization;
using Sclip.Contracts;
using Spectre.Console;

namespace Sclip.Cli.Evaluating;

/// <summary>Shows how an evaluation goes: a bar on a terminal, else a plain line now and then.</summary>
internal sealed class EvalProgress(CliContext context, bool isQuiet)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <summary>Follows a run; it tells of each picture, from any thread.</summary>
    public async Task<T> FollowAsync<T>(long total, Func<Action, Task<T>> run)
    {
        if (isQuiet)
            return await run(() => { });
        if (!context.Interactive)
            return await run(Plainly(total));
        var columns = new ProgressColumn[] { new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn() };
        return await context.Console.Progress().AutoClear(true).Columns(columns).StartAsync(async progress =>
        {
            var task = progress.AddTask("counting", maxValue: total);
            return await run(() => task.Increment(1));
        });
    }

    private Action Plainly(long total)
    {
        var (gate, start, last, done) = (new Lock(), Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), 0L);
        return () =>
        {
            lock (gate)
            {
                done++;
                if (Stopwatch.GetElapsedTime(last) < PlainInterval)
                    return;
                last = Stopwatch.GetTimestamp();
                var elapsed = Stopwatch.GetElapsedTime(start);
                var left = elapsed / done * Math.Max(0, total - done);
                context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done}/{Counted.Of(total, "picture")}, {done / elapsed.TotalSeconds:0.0} a second, {left:hh\\:mm\\:ss} left"));
            }
        };
    }
}
