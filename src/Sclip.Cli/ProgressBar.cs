using System.Diagnostics;
using Sclip.Contracts;
using Spectre.Console;

namespace Sclip.Cli;

/// <summary>A bar on a terminal: how many pictures are done, how many a second, and how long the rest takes.</summary>
internal static class ProgressBar
{
    /// <summary>Shows the bar while something runs.</summary>
    /// <param name="context">The terminal.</param>
    /// <param name="doing">What stands beside it before the first picture is done.</param>
    /// <param name="total">How many pictures there are.</param>
    /// <param name="run">What runs; tells how many are done, from any thread.</param>
    public static async Task<T> ShowAsync<T>(CliContext context, string doing, long total, Func<Action<long>, Task<T>> run)
    {
        var columns = new ProgressColumn[] { new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn() };
        return await context.Console.Progress().AutoClear(true).Columns(columns).StartAsync(async progress =>
        {
            var (task, start) = (progress.AddTask(doing, maxValue: total), Stopwatch.GetTimestamp());
            return await run(done =>
            {
                task.Description = $"{done}/{Counted.Of(total, "picture")}, {PlainProgress.Rate(done, start)}";
                task.Value = done;
            });
        });
    }
}
