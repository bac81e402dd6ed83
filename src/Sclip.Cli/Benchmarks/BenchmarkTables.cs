using System.Globalization;
using Sclip.Exploration.Benchmarks;
using Spectre.Console;

namespace Sclip.Cli.Benchmarks;

/// <summary>The tables at the end of a benchmark: ours beside what was published, in percent; – where nothing is known.</summary>
internal static class BenchmarkTables
{
    private const string None = "–";

    /// <summary>A row a method (the paper's Table 1).</summary>
    public static Table Methods(BenchmarkArguments arguments, BenchmarkState state)
    {
        var table = Create(arguments).AddColumns("method", "mIoU", "mAcc", "aAcc");
        if (arguments.Published is not null)
            table.AddColumns("paper's mIoU", "authors' code");
        foreach (var (configuration, matrix) in state.Matrices)
        {
            string[] row = [configuration, Percent(matrix.MeanIou), Percent(matrix.MeanAccuracy), Percent(matrix.OverallAccuracy)];
            table.AddRow(arguments.Published is null ? row : [.. row, Published(arguments, configuration), configuration == "sclip" ? Known(arguments.Published.Published!.Code) : None]);
        }
        return table;
    }

    /// <summary>A row a projection (the paper's Table 2).</summary>
    public static Table Ablation(BenchmarkArguments arguments, IReadOnlyList<AblationRow> rows, BenchmarkState state)
    {
        var table = Create(arguments).AddColumns("W_r", "mIoU", "trials");
        if (arguments.Published is not null)
            table.AddColumn("paper's mIoU");
        foreach (var item in rows)
        {
            var (mean, deviation) = item.MeanIou(state);
            string[] row = [item.Title, deviation is { } spread ? $"{Percent(mean)} ± {Percent(spread)}" : Percent(mean), item.Methods.Count.ToString(CultureInfo.InvariantCulture)];
            table.AddRow(arguments.Published is null ? row : [.. row, Published(arguments, item.Method)]);
        }
        return table;
    }

    private static Table Create(BenchmarkArguments arguments) => new Table().Title(Markup.Escape(arguments.Published?.Title ?? "against the ground truth"));

    private static string Published(BenchmarkArguments arguments, string method) =>
        arguments.Published!.Published!.Paper.TryGetValue(method, out var figure) ? Known(figure) : None;

    private static string Percent(double share) => double.IsFinite(share) ? (100 * share).ToString("0.00", CultureInfo.InvariantCulture) : None;

    private static string Known(double percent) => percent.ToString("0.0#", CultureInfo.InvariantCulture);
}
