using System.Diagnostics;
using System.Globalization;
using Sclip.Contracts;
using Spectre.Console;

namespace Sclip.Cli.Labelling;

/// <summary>Shows how a run goes: a bar with rate and time left on a terminal, else a plain line now and then.</summary>
internal sealed class RunProgress(CliContext context)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <summary>Follows results to their end.</summary>
    public async Task FollowAsync(int total, IAsyncEnumerable<ImageResult> results, Action<ImageResult> take)
    {
        if (!context.Interactive)
        {
            await FollowPlainlyAsync(total, results, take);
            return;
        }
        var columns = new ProgressColumn[] { new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn() };
        await context.Console.Progress().AutoClear(true).Columns(columns).StartAsync(async progress =>
        {
            var (task, start, done) = (progress.AddTask("labelling", maxValue: total), Stopwatch.GetTimestamp(), 0);
            await foreach (var result in results)
            {
                take(result);
                done++;
                task.Description = $"{done}/{Counted.Of(total, "picture")}, {Rate(done, start)}";
                task.Increment(1);
            }
        });
    }

    private async Task FollowPlainlyAsync(int total, IAsyncEnumerable<ImageResult> results, Action<ImageResult> take)
    {
        var (start, last, done) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), 0);
        await foreach (var result in results)
        {
            take(result);
            done++;
            if (result.Status == ImageStatus.Failed)
                context.TellFailure(result.Image, result.Error);
            if (Stopwatch.GetElapsedTime(last) < PlainInterval && done < total)
                continue;
            last = Stopwatch.GetTimestamp();
            var left = Stopwatch.GetElapsedTime(start) / done * (total - done);
            await context.Output.WriteLineAsync($"{done}/{Counted.Of(total, "picture")}, {Rate(done, start)}, {left:hh\\:mm\\:ss} left");
        }
    }

    private static string Rate(int done, long start) => string.Create(CultureInfo.InvariantCulture, $"{done / Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} a second");
}
