using System.Globalization;
using Spectre.Console;

namespace Sclip.Cli.Labelling;

/// <summary>The table at the end of a run.</summary>
internal static class SummaryTable
{
    private const int MostReasons = 3, MostFailures = 10;

    public static void Write(CliContext context, LabelSummary summary, RunTally tally)
    {
        var table = new Table().HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, string value) => table.AddRow(CliContext.Cell(name), CliContext.Cell(value));
        void Place(string name, string? place)
        {
            if (place is not null)
                Row(name, place);
        }

        Row("labelled", Number(summary.Labelled));
        if (summary.ByFeatures is { } byFeatures)
        {
            Row("  by kept features", Number(byFeatures));
            Row("  by pixels", Number(tally.Unused.Count));
            foreach (var reason in tally.Unused.Take(MostReasons))
                Row("", reason);
            if (tally.Unused.Count > MostReasons)
                Row("", $"and {Number(tally.Unused.Count - MostReasons)} more: features_unused in the results");
        }
        Row("failed", Number(summary.Failed));
        Row("skipped (labelled before)", Number(summary.Skipped));
        if (summary.OtherFiles > 0)
            Row("other files", Number(summary.OtherFiles));
        Row("time", TimeSpan.FromSeconds(summary.Seconds).ToString(@"hh\:mm\:ss\.f", CultureInfo.InvariantCulture));
        if (summary.WindowsPerSecond is { } rate)
            Row("windows/s", string.Create(CultureInfo.InvariantCulture, $"{rate:0.0}"));
        if (summary.Doubt is { } doubt)
            Row("doubt, mean", string.Create(CultureInfo.InvariantCulture, $"{doubt:0.00}"));
        foreach (var (name, share) in ClassShares.Rows(summary.Pixels))
            Row(name, share);
        foreach (var warning in summary.Warnings)
            Row("warning", warning);
        Row("masks", summary.Masks);
        Place("overlays", summary.Overlays);
        Place("scores", summary.Scores);
        Place("doubt maps", summary.DoubtMaps);
        Place("features", summary.Features);
        Row("results", summary.Results);
        Place("report", summary.Report);
        context.Write(table);
        if (context.Interactive)
            foreach (var (picture, reason) in tally.Failed.Take(MostFailures))
                context.TellFailure(picture, reason);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
