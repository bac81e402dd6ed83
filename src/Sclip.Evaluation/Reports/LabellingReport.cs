using Sclip.Contracts;
using Sclip.Evaluation.Html;
using Sclip.Evaluation.Predictions;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Reports;

/// <summary>A labelling run as one page that holds all it shows: shares and doubt of the classes, the pictures most in doubt, failures by reason.</summary>
/// <param name="figures">What became of the pictures.</param>
/// <param name="picture">Gives a picture; null where it cannot be shown.</param>
/// <param name="mask">Gives a picture's mask; null where it cannot be read.</param>
public sealed class LabellingReport(LabellingFigures figures, Func<ImageResult, RgbImage?> picture, Func<ImageResult, LabelMap?> mask)
{
    /// <summary>Pixels of a picture's long side that suffice for the page.</summary>
    public const int PictureSide = ReportParts.Side;

    private const int MostChips = 8;
    private readonly RgbColor[] _palette = Palette.Of(figures.Classes);

    /// <summary>The worst pictures that are shown without their picture or mask, since it could not be read; known once the page is written.</summary>
    public NameSample NotShown { get; } = new();

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where it is written; left open.</param>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public void Write(TextWriter output)
    {
        using var page = new HtmlPage(output, "Labelling run", ReportParts.Style);
        Summary(page);
        Failures(page);
        Classes(page);
        Worst(page);
    }

    private void Summary(HtmlPage page)
    {
        foreach (var line in figures.About)
            page.Write($"<p class=\"note\">{HtmlPage.Text(line)}</p>");
        if (figures.Left > 0)
            page.Write(ReportParts.Notice($"{Figures.Whole(figures.Left)} {(figures.Left == 1 ? "picture is" : "pictures are")} not labelled yet; the same command goes on with them.", "The run was interrupted."));
        foreach (var warning in figures.Warnings)
            page.Write(ReportParts.Notice(warning));
        page.Write($"<div class=\"tiles\">{ReportParts.Tile(Figures.Whole(figures.Labelled), "labelled")}{ReportParts.Tile(Figures.Whole(figures.Failed), "failed")}{ReportParts.Tile(Figures.Percent(figures.Doubt), "doubt, mean, %")}</div>");
    }

    private void Failures(HtmlPage page)
    {
        if (figures.Failures.Count == 0)
            return;
        page.Write("<h2>Failures</h2><div class=\"wide\"><table class=\"texts\"><thead><tr><th>why</th><th>pictures</th><th>which</th></tr></thead><tbody>");
        foreach (var failure in figures.Failures)
            page.Write($"<tr><td>{HtmlPage.Text(failure.Reason)}</td><td>{Figures.Whole(failure.Pictures)}</td><td>{HtmlPage.Text(failure.Names)}</td></tr>");
        page.Write("</tbody></table></div>");
    }

    private void Classes(HtmlPage page)
    {
        page.Write("<h2>Classes</h2><p class=\"note\">Doubt is 100 where the next class is as likely as a pixel's own; here it is the mean over the class's pixels.</p>"
            + "<div class=\"wide\"><table class=\"classes\"><thead><tr><th>class</th><th>of all pixels, %</th><th>doubt, %</th><th>pictures</th></tr></thead><tbody>");
        foreach (var (index, item) in figures.OfClasses.Index().OrderByDescending(item => item.Item.Share).ThenBy(item => item.Index))
            page.Write($"<tr><td>{Name(index)}</td><td>{ReportParts.Bar(item.Share)}</td><td>{ReportParts.Bar(item.Doubt)}</td><td>{Figures.Whole(item.Pictures)}</td></tr>");
        page.Write("</tbody></table></div>");
    }

    private void Worst(HtmlPage page)
    {
        if (figures.Worst.Count == 0)
            return;
        page.Write("<h2>The pictures most in doubt</h2><div class=\"pairs\">");
        foreach (var result in figures.Worst)
        {
            var (original, map) = (picture(result), mask(result));
            if (original is null || map is null)
                NotShown.Add(result.Image);
            page.Write($"<div class=\"worst\"><h3>{HtmlPage.Text(result.Image)}</h3><p>doubt {Figures.Percent(result.Doubt)} %</p><div class=\"views\">");
            if (original is not null)
                page.Write(ReportParts.View(ReportParts.Small(original), "picture"));
            if (map is not null)
                page.Write(ReportParts.View(Draw(map, original), original is null ? "mask" : "overlay"));
            page.Write($"</div><div class=\"chips\">{Chips(result)}</div></div>");
        }
        page.Write("</div>");
    }

    private byte[] Draw(LabelMap map, RgbImage? original)
    {
        var (labels, width, height) = Thumbnail.Of(map.Labels, map.Width, map.Height, ReportParts.Side);
        return ReportParts.Blend(Array.ConvertAll(labels, label => label < _palette.Length ? _palette[label] : default), width, height, original);
    }

    private string Chips(ImageResult result)
    {
        var pixels = result.Pixels ?? new Dictionary<string, long>();
        return ReportParts.Chips([.. figures.Classes.Index().Where(item => pixels.ContainsKey(item.Item.Name)).OrderByDescending(item => pixels[item.Item.Name]).Select(item => Name(item.Index))], MostChips);
    }

    private string Name(int index) => ReportParts.ClassName(_palette[index], figures.Classes[index].Name);
}
