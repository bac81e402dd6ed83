using System.Globalization;
using Sclip.Exploration;
using Spectre.Console;

namespace Sclip.Cli.Exploring;

/// <summary>What the page says of names, as tables in the terminal.</summary>
internal static class ExploreReport
{
    private const int MostClasses = 30;

    public static void Write(CliContext context, ExplorationFindings findings)
    {
        var classes = Table($"classes, by {findings.Method}", "class", "pixels", "highest", "lead", "in doubt", "what to make of it");
        foreach (var item in findings.Classes.OrderByDescending(item => item.Share).ThenByDescending(item => item.Lead).Take(MostClasses))
            Row(classes, item.Name, Percent(item.Share), Cosine(item.MaxCosine), Cosine(item.Lead), Percent(item.Doubt), item.Hint);
        context.Write(classes);
        if (findings.Pairs.Count > 0)
        {
            var pairs = Table("names that compete", "names", "contested", "correlation", "what to make of it");
            foreach (var pair in findings.Pairs)
                Row(pairs, $"{pair.First} / {pair.Second}", Percent(pair.Contested), pair.Correlation.ToString("0.00", CultureInfo.InvariantCulture), pair.Hint);
            context.Write(pairs);
        }
        var clusters = Table("clusters of the dense features", "cluster", "patches", "nearest names", "what to make of it");
        foreach (var (cluster, number) in findings.Clusters[findings.Methods.ToList().IndexOf(findings.Method)].Select((cluster, i) => (cluster, i + 1)))
            Row(clusters, $"{number}", Percent(cluster.Share), string.Join(", ", cluster.Nearest.Select(item => $"{item.Name} {Cosine(item.Cosine)}")), cluster.Hint);
        context.Write(clusters);
    }

    private static Table Table(string title, params string[] columns) => new Table().Title(Markup.Escape(title)).AddColumns(columns);

    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => CliContext.Cell(cell))]);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static string Cosine(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
