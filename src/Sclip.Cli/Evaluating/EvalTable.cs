using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Reports;
using Spectre.Console;

namespace Sclip.Cli.Evaluating;

/// <summary>The measures on the console.</summary>
internal static class EvalTable
{
    public static Table Of(EvaluationResult result)
    {
        var areas = result.Areas;
        var table = new Table().AddColumn("class")
            .AddColumn(new TableColumn("IoU").RightAligned()).AddColumn(new TableColumn("Acc").RightAligned()).AddColumn(new TableColumn("of truth").RightAligned());
        for (var i = 0; i < result.Classes.Count; i++)
            Row(result.Classes[i].Name, areas.Iou(i), areas.Accuracy(i), Figures.Percent((double)areas.Truth[i] / Math.Max(1, areas.Pixels)));
        table.AddEmptyRow();
        Row("mIoU, mAcc", areas.MeanIou, areas.MeanAccuracy, "");
        Row("aAcc", null, areas.OverallAccuracy, "");
        table.Caption($"percent; {Figures.Whole(result.Match.Pairs)} {(result.Match.Pairs == 1 ? "picture" : "pictures")}, {Figures.Whole(areas.Pixels)} pixels{(result.Match.IsWhole ? "" : "; PARTIAL")}");
        return table;

        void Row(string name, double? iou, double? accuracy, string share) =>
            table.AddRow(CliContext.Cell(name), new Text(Figures.Percent(iou)), new Text(Figures.Percent(accuracy)), new Text(share));
    }
}
