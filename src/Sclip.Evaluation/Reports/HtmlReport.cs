using Sclip.Evaluation.Html;
using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Predictions;
using Sclip.Imaging;

namespace Sclip.Evaluation.Reports;

/// <summary>An evaluation as one page: measures, classes, what is taken for what, and the worst pictures.</summary>
/// <param name="result">What was found.</param>
/// <param name="predictions">The predictions, to show the worst.</param>
/// <param name="truth">Their ground truth.</param>
/// <param name="evaluator">Reads the masks again.</param>
/// <param name="pictures">The pictures themselves; null shows masks alone.</param>
public sealed class HtmlReport(EvaluationResult result, MaskFolder predictions, IGroundTruth truth, Evaluator evaluator, PictureFolder? pictures)
{
    private const int MostConfusions = 12, MostChips = 8;

    private readonly LabelView _view = new(result);

    /// <summary>The worst pictures that are shown without the picture, since it was not found; known once the page is written.</summary>
    public NameSample WithoutPicture { get; } = new();

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where it is written; left open.</param>
    /// <param name="confusion">The confusion matrix as <see cref="ConfusionPicture"/> draws it.</param>
    /// <exception cref="EvaluationException">A mask has become unreadable meanwhile.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public void Write(TextWriter output, ReadOnlySpan<byte> confusion)
    {
        using var page = new HtmlPage(output, "Evaluation", ReportParts.Style);
        Summary(page);
        Classes(page);
        Confusions(page, confusion);
        Worst(page);
    }

    private void Summary(HtmlPage page)
    {
        var settings = result.Settings;
        var ignored = (settings.Ignore, settings.ReduceZeroLabel) switch
        {
            (null, false) => "all pixels count",
            ({ } value, false) => $"pixels of {value} do not count",
            (null, true) => "pixels of 0 do not count, and the values above are one less",
            ({ } value, true) => $"pixels of 0 and {value} do not count, and the other values are one less",
        };
        var ids = Ids("ground truth", settings.TruthIds) + Ids("predictions", settings.PredictionIds);
        page.Write($"<p class=\"note\">{HtmlPage.Text(predictions.Root)} against {HtmlPage.Text(truth.Root)};{ids} {ignored}. Measures are those of MMSegmentation's IoUMetric.</p>");
        if (!result.Match.IsWhole)
            page.Write(ReportParts.Notice(result.Match.Describe(), "Partial: only pictures that have both are evaluated."));
        foreach (var notice in result.Notices)
            page.Write(ReportParts.Notice(notice));
        page.Write("<div class=\"tiles\">");
        Tile(Figures.Percent(result.Areas.MeanIou), "mIoU, %");
        Tile(Figures.Percent(result.Areas.MeanAccuracy), "mAcc, %");
        Tile(Figures.Percent(result.Areas.OverallAccuracy), "aAcc, %");
        Tile(Figures.Whole(result.Match.Pairs), result.Match.Pairs == 1 ? "picture" : "pictures");
        Tile(Figures.Percent(result.Areas.IgnoredShare), "left out, %");
        page.Write($"</div><p class=\"note left-out\">Left out: {HtmlPage.Text(LeftOut.Of(result))}.</p>");

        static string Ids(string side, IReadOnlyDictionary<int, int>? ids) => ids is null ? "" : $" in the {side}, {string.Join(", ", ids.Select(item => $"{item.Key} is read as {item.Value}"))};";

        void Tile(string figure, string name) => page.Write(ReportParts.Tile(figure, name));
    }

    private void Classes(HtmlPage page)
    {
        var all = Math.Max(1, result.Areas.Pixels);
        page.Write("<h2>Classes</h2><div class=\"wide\"><table class=\"classes\"><thead><tr><th>class</th><th>IoU, %</th><th>Acc, %</th><th>of ground truth, %</th><th>of predictions, %</th></tr></thead><tbody>");
        for (var i = 0; i < result.Classes.Count; i++)
            page.Write($"<tr><td>{Name(i)}</td><td>{ReportParts.Bar(result.Areas.Iou(i))}</td><td>{ReportParts.Bar(result.Areas.Accuracy(i))}</td>"
                + $"<td>{Figures.Percent((double)result.Areas.Truth[i] / all)}</td><td>{Figures.Percent((double)result.Areas.Prediction[i] / all)}</td></tr>");
        page.Write("</tbody></table></div>");
    }

    private void Confusions(HtmlPage page, ReadOnlySpan<byte> confusion)
    {
        page.Write("<h2>What is taken for what</h2>");
        var confusions = result.Confusions(MostConfusions);
        page.Write(confusions.Count == 0
            ? "<p class=\"note\">Nothing: every pixel is right.</p>"
            : "<div class=\"wide\"><table><thead><tr><th>ground truth</th><th style=\"text-align:left\">prediction</th><th>pixels</th><th>of the class, %</th></tr></thead><tbody>");
        foreach (var item in confusions)
            page.Write($"<tr><td>{Name(item.Truth)}</td><td style=\"text-align:left\">{Name(item.Prediction)}</td><td>{Figures.Whole(item.Pixels)}</td><td>{Figures.Percent(item.Share)}</td></tr>");
        if (confusions.Count > 0)
            page.Write("</tbody></table></div>");
        page.Write($"<h2>Confusion matrix</h2><p class=\"note\">Each row is a class of the ground truth; a cell is the share of it, in percent, that was labelled as the column says.</p>"
            + $"<div class=\"map\"><img alt=\"Confusion matrix\" src=\"{HtmlPage.Address("image/png", confusion)}\"></div>");
    }

    private void Worst(HtmlPage page)
    {
        if (result.Worst.Count == 0)
            return;
        page.Write($"<h2>The worst pictures</h2><p class=\"note\">By the mean IoU of the classes that a picture's prediction or ground truth has. Striped pixels do not count.</p>");
        foreach (var score in result.Worst)
        {
            var picture = pictures?.Find([score.Picture, predictions.NameOf(score.Picture)], result.Settings.Limits);
            if (pictures is not null && picture is null)
                WithoutPicture.Add(score.Picture);
            var labelled = _view.Shrink(evaluator.ReadPrediction(score.Picture), isTruth: false);
            var actual = _view.Shrink(evaluator.ReadTruth(score.Picture), isTruth: true);
            page.Write($"<div class=\"worst\"><h3>{HtmlPage.Text(score.Picture)}</h3><p>mIoU {Figures.Percent(score.MeanIou)} %, aAcc {Figures.Percent(score.OverallAccuracy)} %</p><div class=\"views\">");
            if (picture is not null)
                View(page, ReportParts.Small(picture), "picture");
            View(page, _view.Draw(labelled, picture), "prediction");
            View(page, _view.Draw(actual, picture), "ground truth");
            page.Write($"</div><div class=\"chips\">{Chips([.. labelled.Classes, .. actual.Classes])}</div></div>");
        }
    }

    private static void View(HtmlPage page, byte[] jpeg, string name) => page.Write(ReportParts.View(jpeg, name));

    private string Chips(IEnumerable<int?> shown)
    {
        var classes = shown.OfType<int>().CountBy(index => index).OrderByDescending(item => item.Value).ThenBy(item => item.Key).Select(item => item.Key).ToArray();
        return ReportParts.Chips([.. classes.Select(Name)], MostChips);
    }

    private string Name(int index) => ReportParts.ClassName(result.Classes[index].Color, result.Classes[index].Name);
}
