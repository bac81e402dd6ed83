using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Spectre.Console;

namespace Sclip.Cli.Jobs;

/// <summary>Follows a job to its end: on a terminal in a text that is drawn anew, else in a line now and then, for programs in a line of JSON with each change.</summary>
/// <param name="context">Where it tells.</param>
/// <param name="interval">The time between two looks.</param>
internal sealed class JobFollower(CliContext context, TimeSpan interval)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);
    private (LiveDisplayContext Drawn, string Line)? _live;

    /// <summary>Follows it, and shows what became of it.</summary>
    /// <param name="read">Reads where it stands.</param>
    /// <returns>The exit code: what became of the job.</returns>
    public async Task<int> FollowAsync(Func<Task<JobStatus>> read)
    {
        // As wide as the terminal, whatever its lines are: the end of one is the reason of a failure.
        var job = context.Interactive && context.Console.Profile.Capabilities.Ansi
            ? await context.Console.Live(new Text("")).AutoClear(true).StartAsync(live => FollowAsync(read, (job, rate) =>
            {
                _live = (live, Line(job, rate));
                live.UpdateTarget(new Text(Line(job, rate)));
                return Task.CompletedTask;
            }))
            : await FollowAsync(read, Plainly());
        JobView.Show(context, job);
        return CodeOf(job);
    }

    /// <summary>Follows it for a program.</summary>
    /// <param name="read">Reads where it stands.</param>
    /// <returns>The exit code: what became of the job.</returns>
    public async Task<int> FollowAsJsonAsync(Func<Task<JobStatus>> read)
    {
        var last = "";
        var job = await FollowAsync(read, async (job, rate) =>
        {
            var now = JsonSerializer.Serialize(job, Json.Default.JobStatus);
            if (now == last)
                return;
            last = now;
            await WriteAsync(new WatchEvent { Event = "progress", Time = DateTimeOffset.UtcNow, ImagesPerSecond = rate.PerSecond, SecondsLeft = rate.SecondsLeft(job), Status = job });
        });
        await WriteAsync(new WatchEvent { Event = "ended", Time = DateTimeOffset.UtcNow, Status = job });
        return CodeOf(job);

        Task WriteAsync(WatchEvent line) => context.Output.WriteJsonAsync(line, CliJson.Default.WatchEvent);
    }

    /// <summary>Tells something besides; in the text that is drawn anew where there is one, which a line of the error stream would tear.</summary>
    public async Task WarnAsync(string warning)
    {
        var told = $"warning: {Printable.Line(warning)}";
        if (_live is ({ } drawn, var line))
            drawn.UpdateTarget(new Text($"{line}\n{told}"));
        else
            await context.Error.WriteLineAsync(told);
    }

    private async Task<JobStatus> FollowAsync(Func<Task<JobStatus>> read, Func<JobStatus, ImageRate, Task> tell)
    {
        var rate = new ImageRate(TimeProvider.System);
        while (true)
        {
            var job = await read();
            if (job.State.HasEnded())
                return job;
            rate.Add(job.Labelled + job.Failed);
            await tell(job, rate);
            await Task.Delay(interval, context.Stop);
        }
    }

    private Func<JobStatus, ImageRate, Task> Plainly()
    {
        var last = 0L;
        return async (job, rate) =>
        {
            var now = Stopwatch.GetTimestamp();
            if (last != 0 && Stopwatch.GetElapsedTime(last, now) < PlainInterval)
                return;
            last = now;
            await context.Output.WriteLineAsync(Line(job, rate));
        };
    }

    private static string Line(JobStatus job, ImageRate rate) => Printable.Line(Words(job, rate));

    private static string Words(JobStatus job, ImageRate rate)
    {
        var done = job.Labelled + job.Failed;
        var total = job.Images is { } images ? $"{JobView.Number(images)} {Counted.Noun(images, "image")}" : "? images";
        var left = rate.SecondsLeft(job) is { } seconds ? $", {TimeSpan.FromSeconds(seconds):d\\.hh\\:mm\\:ss} left".Replace(" 0.", " ", StringComparison.Ordinal) : "";
        var failures = job.Failed == 0 ? "" : $", {JobView.Number(job.Failed)} failed{(job.Failures.FirstOrDefault() is { Key: { } reason } ? $" ({reason})" : "")}";
        if (job.State == JobState.Waiting)
            return $"waiting, {JobView.Number(done)}/{total} done{failures}: {job.Reason}";
        return string.Create(CultureInfo.InvariantCulture, $"{JobView.Name(job.State)}: {JobView.Number(done)}/{total}, {rate.PerSecond ?? 0:0.0} a second{left}, {Counted.Of(job.Workers.Count, "worker")}{failures}");
    }

    private static int CodeOf(JobStatus job) => job.State == JobState.Completed ? job.Failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done : ExitCodes.CannotRun;
}
