using System.Globalization;
using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Many jobs: a line each for programs; on a terminal what is no line of it stands below, indented, so that nothing is cut or torn.</summary>
internal static class JobList
{
    private const string Gap = "  ";

    public static void Write(CliContext context, JobFilter filter, IReadOnlyList<JobStatus> jobs)
    {
        if (jobs.Count == 0)
        {
            context.Output.WriteLine(filter is { States: [], Search: null } ? "There are no jobs." : "No job matches.");
            return;
        }
        foreach (var line in context.Interactive ? Fitting(jobs, context.Console.Profile.Width) : Table(jobs, Fields, ["job", "state", "images", "labelled", "failed", "submitted", "name", "reason"]))
            context.Output.WriteLine(line);
    }

    private static string[] Fields(JobStatus job) =>
        [job.Id, JobView.Name(job.State), Images(job), JobView.Number(job.Labelled), JobView.Number(job.Failed), JobView.Time(job.Created), Printable.Line(job.Name), Printable.Line(job.Reason)];

    private static string[] Cells(JobStatus job) =>
        [job.Id, JobView.Name(job.State), $"{JobView.Number(job.Labelled)}/{Images(job)}", JobView.Number(job.Failed), job.Created.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)];

    private static string Images(JobStatus job) => job.Images is { } images ? JobView.Number(images) : "?";

    private static IEnumerable<string> Fitting(IReadOnlyList<JobStatus> jobs, int width)
    {
        var lines = Table(jobs, Cells, ["job", "state", "labelled", "failed", "submitted"]);
        if (lines.Max(line => line.Length) > width)
            return jobs.SelectMany(job => (string[])[job.Id, .. WrappedText.Lines(Printable.Line(job.Name), width), .. WrappedText.Lines(Printable.Line(Facts(job)), width)]);
        return [lines[0], .. jobs.SelectMany((job, i) => (string[])[lines[i + 1], .. WrappedText.Lines(Printable.Line(job.Name), width), .. WrappedText.Lines(Printable.Line(job.Reason), width)])];
    }

    private static string Facts(JobStatus job) =>
        $"{JobView.Name(job.State)}, {JobView.Number(job.Labelled)} of {Images(job)} labelled, {JobView.Number(job.Failed)} failed, {JobView.Time(job.Created)}{(job.Reason is null ? "" : $": {job.Reason}")}";

    private static string[] Table(IReadOnlyList<JobStatus> jobs, Func<JobStatus, string[]> cells, string[] headings)
    {
        string[][] rows = [headings, .. jobs.Select(cells)];
        var widths = Enumerable.Range(0, headings.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return [.. rows.Select(row => string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd())];
    }
}
