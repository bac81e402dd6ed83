using System.Diagnostics;
using System.Globalization;
using Sclip.Cli.Labelling;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Spectre.Console;

namespace Sclip.Cli.Jobs;

/// <summary>Shows jobs: a table for each, or a line that is drawn anew while one is watched.</summary>
internal sealed class JobView(CliContext context)
{
    private const int MostReasons = 10;
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);

    /// <summary>All that is known of a job.</summary>
    public void Show(JobStatus job)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));
        Row("job", job.Name is null ? job.Id : $"{job.Id} ({job.Name})");
        if (job.FeaturesOf is { } other)
            Row("labels features of", other);
        if (job.KeepFeatures is { } encoding)
            Row("keeps features", encoding);
        Row("state", Name(job.State));
        if (job.Reason is { } reason)
            Row("reason", reason);
        Row("submitted", Time(job.Created));
        if (job.Completed is { } completed)
            Row("completed", $"{Time(completed)}, after {completed - job.Created:hh\\:mm\\:ss}");
        Row("shards", $"{Number(job.ShardsDone)} of {Number(job.Shards)}{(job.Images is null ? " so far" : "")}");
        Row("images", job.Images is { } images ? Number(images) : "being listed");
        Row("labelled", Number(job.Labelled));
        if (job.ByFeatures is { } byFeatures)
            Row("  by kept features", Number(byFeatures));
        if (job.ByPixels is { } byPixels)
            Row("  by pixels", $"{Number(byPixels)}{(byPixels > 0 ? ": their features could not be used, features_unused in the results says why" : "")}");
        Row("failed", Number(job.Failed));
        if (job.Workers.Count > 0)
            Row("workers", string.Join("\n", job.Workers));
        foreach (var (failure, count) in job.Failures.Take(MostReasons))
            Row("  failed", $"{Number(count)} x {failure}");
        foreach (var (label, share) in ClassShares.Rows(job.Pixels))
            Row(label, share);
        foreach (var warning in job.Warnings)
            Row("warning", warning);
        context.Console.Write(table);
    }

    /// <summary>A line a job, in columns that no terminal's width cuts: scripts read them, too.</summary>
    public void ShowAll(IReadOnlyList<JobStatus> jobs)
    {
        if (jobs.Count == 0)
        {
            context.Output.WriteLine("There are no jobs.");
            return;
        }
        string[][] rows =
        [
            ["job", "state", "images", "labelled", "failed", "submitted", "reason"],
            .. jobs.Select(job => new[] { job.Id, Name(job.State), job.Images is { } images ? Number(images) : "?", Number(job.Labelled), Number(job.Failed), Time(job.Created), job.Reason ?? "" }),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            context.Output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Follows a job to its end.</summary>
    /// <param name="read">Reads where it stands.</param>
    /// <param name="interval">The time between two looks.</param>
    /// <returns>The exit code: what became of the job.</returns>
    public async Task<int> FollowAsync(Func<Task<JobStatus>> read, TimeSpan interval)
    {
        var (rate, lastPlain) = (new ImageRate(TimeProvider.System), 0L);
        while (true)
        {
            var job = await read();
            if (job.State.HasEnded())
            {
                ClearLine();
                Show(job);
                return job.State == JobState.Completed ? job.Failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done : ExitCodes.CannotRun;
            }
            var now = Stopwatch.GetTimestamp();
            rate.Add(job.Labelled + job.Failed);
            var line = Line(job, rate);
            if (context.Interactive)
                await context.Output.WriteAsync($"\r{Fit(line)}");
            else if (lastPlain == 0 || Stopwatch.GetElapsedTime(lastPlain, now) >= PlainInterval)
            {
                lastPlain = now;
                await context.Output.WriteLineAsync(line);
            }
            await Task.Delay(interval, context.Stop);
        }
    }

    private static string Line(JobStatus job, ImageRate rate)
    {
        var done = job.Labelled + job.Failed;
        var total = job.Images is { } images ? Number(images) : "?";
        var left = rate.SecondsLeft(job) is { } seconds ? $", {TimeSpan.FromSeconds(seconds):d\\.hh\\:mm\\:ss} left".Replace(" 0.", " ", StringComparison.Ordinal) : "";
        var failures = job.Failed == 0 ? "" : $", {Number(job.Failed)} failed{(job.Failures.FirstOrDefault() is { Key: { } reason } ? $" ({reason})" : "")}";
        // While it waits the reason comes first: a narrow terminal cuts the end.
        if (job.State == JobState.Waiting)
            return $"waiting, {Number(done)}/{total} images done: {job.Reason}";
        return string.Create(CultureInfo.InvariantCulture, $"{Name(job.State)}: {Number(done)}/{total} images, {rate.PerSecond ?? 0:0.0} a second{left}, {job.Workers.Count} {(job.Workers.Count == 1 ? "worker" : "workers")}{failures}");
    }

    private string Fit(string line)
    {
        var width = Math.Max(20, context.Console.Profile.Width - 1);
        return line.Length > width ? line[..(width - 1)] + "…" : line.PadRight(width);
    }

    private void ClearLine()
    {
        if (context.Interactive)
            context.Output.Write($"\r{Fit("")}\r");
    }

    private static string Name(JobState state) => state.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
