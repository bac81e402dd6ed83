using System.Globalization;
using Sclip.Cli.Labelling;
using Sclip.Contracts.Jobs;
using Spectre.Console;

namespace Sclip.Cli.Jobs;

/// <summary>A table of all that is known of a job.</summary>
internal static class JobView
{
    private const int MostReasons = 10;

    public static void Show(CliContext context, JobStatus job)
    {
        var table = new Table().HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, string value) => table.AddRow(CliContext.Cell(name), CliContext.Cell(value));
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
        foreach (var (place, worker) in job.Workers.Index())
            Row(place == 0 ? "workers" : "", worker);
        foreach (var (failure, count) in job.Failures.Take(MostReasons))
            Row("  failed", $"{Number(count)} x {failure}");
        foreach (var (label, share) in ClassShares.Rows(job.Pixels))
            Row(label, share);
        foreach (var warning in job.Warnings)
            Row("warning", warning);
        context.Write(table);
    }

    /// <summary>A state as documents name it.</summary>
    public static string Name(JobState state) => state.ToString().ToLowerInvariant();

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
