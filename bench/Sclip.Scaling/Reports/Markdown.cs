using System.Globalization;
using Sclip.Scaling.Cluster;

namespace Sclip.Scaling.Reports;

/// <summary>Tables of outcomes, as Markdown.</summary>
internal sealed class Markdown(TextWriter writer)
{
    /// <summary>Writes a row for each outcome; columns about urgent jobs only where there are some.</summary>
    public void Table(string title, string knob, IReadOnlyList<(string Setting, Outcome Outcome)> rows)
    {
        var urgent = rows.Any(row => row.Outcome.Jobs.Any(job => job.Arrival.Urgent));
        writer.WriteLine($"{title}\n");
        Row([knob, "peak backlog", "finish p50", "p95", .. urgent ? (string[])["urgent p50", "p95"] : [], "paid", "working", "starting", "idle", "empty nodes", "waste", "given back", "most workers"]);
        Row([.. Enumerable.Repeat("---", urgent ? 14 : 12)]);
        foreach (var (setting, outcome) in rows)
            Row([
                setting, Number(outcome.PeakBacklog), Time(outcome.Duration(0.5, urgent: false)), Time(outcome.Duration(0.95, urgent: false)),
                .. urgent ? (string[])[Time(outcome.Duration(0.5, urgent: true)), Time(outcome.Duration(0.95, urgent: true))] : [],
                Hours(outcome.PaidHours), Hours(outcome.Hours[Activity.Working]), Hours(outcome.Hours[Activity.Starting] + outcome.Hours[Activity.Embedding]),
                Hours(outcome.Hours[Activity.Idle]), Hours(outcome.Hours[Activity.Empty]), outcome.Waste.ToString("0 %", CultureInfo.InvariantCulture),
                Number(outcome.Redeliveries), Number(outcome.PeakReplicas),
            ]);
        writer.WriteLine();
    }

    private void Row(IEnumerable<string> cells) => writer.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Hours(double hours) => hours.ToString(hours < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture) + " h";

    private static string Time(double seconds) => seconds >= 3 * 3600
        ? (seconds / 3600).ToString("0.0 h", CultureInfo.InvariantCulture)
        : (seconds / 60).ToString("0.0 min", CultureInfo.InvariantCulture);
}
