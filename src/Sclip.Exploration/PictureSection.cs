using System.Globalization;
using System.Text;
using Sclip.Contracts;
using Sclip.Evaluation.Html;

namespace Sclip.Exploration;

/// <summary>The part of the page about one picture.</summary>
internal static class PictureSection
{
    public static void Write(HtmlPage page, ExplorationFindings findings, int index)
    {
        var picture = findings.Pictures[index];
        page.Write(Invariant($"""<section class="picture" id="picture-{index + 1}"><h2>{HtmlPage.Text(picture.Name)}<small>{picture.Width} × {picture.Height}</small></h2>"""));
        var original = Jpeg.Of(picture.Thumbnail);
        page.Write("<h3>Labels and clusters</h3>");
        WriteMaps(page, [
            Figure(original, "picture", "with the points below", Marks(picture)),
            .. findings.Methods.Select((method, i) => Figure(picture.Labels[i], method, "labels")),
        ]);
        WriteMaps(page, [
            "<figure class=\"aside\"><figcaption>Clusters, in the colours of the table above of each method.</figcaption></figure>",
            .. findings.Methods.Select((method, i) => Figure(picture.Clusters[i], method, "clusters")),
        ]);
        WritePoints(page, picture, findings);
        WriteClasses(page, picture, findings);
        page.Write("</section>");
    }

    /// <summary>A JPEG as the address of an <c>img</c>.</summary>
    public static string Address(Jpeg picture) => HtmlPage.Address("image/jpeg", picture.File);

    /// <summary>A name behind its colour.</summary>
    public static string Named(string name, RgbColor color) => $"""<span class="name" style="--c:{color}">{HtmlPage.Text(name)}</span>""";

    private static void WritePoints(HtmlPage page, PictureFinding picture, ExplorationFindings findings)
    {
        if (picture.Points.Count == 0)
            return;
        page.Write("<h3>Where a point looks</h3>");
        page.Write("""
            <p class="note">The attention of one patch in the last block, the mean over its heads, in the window (dashed above) that has the point nearest its centre.
            Each square is a patch, from 0 to the map's own peak. A method that tells things apart looks at the rest of the same thing.</p>
            """);
        for (var i = 0; i < picture.Points.Count; i++)
        {
            var point = picture.Points[i];
            var origin = point.Class is { } name ? $"chosen here: the middle of the widest part of {HtmlPage.Text(name)}" : "chosen by you";
            WriteMaps(page, [
                Figure(point.Window, Invariant($"{i + 1}"), Invariant($"{point.X},{point.Y}, {origin}"), Mark(point.Mark.X, point.Mark.Y, null)),
                .. findings.Methods.Zip(point.Maps, (method, map) => Figure(
                    map.Map, method,
                    Invariant($"peak {Hints.Percent(map.Peak)}, itself {Hints.Percent(map.Own)}, CLS {Hints.Percent(map.ClassToken)}; spread over {map.Spread:0} of {map.Patches} patches"),
                    Mark(point.Mark.X, point.Mark.Y, null))),
            ]);
        }
    }

    private static void WriteClasses(HtmlPage page, PictureFinding picture, ExplorationFindings findings)
    {
        page.Write("<h3>Where each class is seen</h3>");
        var shown = findings.Options.ComparesClasses(findings.Classes.Count)
            ? "How far its cosine is above the mean of all classes at the same pixel, which is what the softmax goes by (--plain-cosines shows the cosines themselves)."
            : "The cosine with the class's best name.";
        var rest = picture.Classes.Count < findings.Classes.Count
            ? Invariant($" The {picture.Classes.Count} of {findings.Classes.Count} classes that win most of the picture; --all-classes shows the rest.")
            : "";
        page.Write($"""<p class="note">{HtmlPage.Text(shown)} Methods share a class's scale.{rest}</p>""");
        page.Write($"""<div class="cards" style="--n:{findings.Methods.Count}">""");
        foreach (var label in picture.Classes)
        {
            page.Write($"""<div class="card"><header>{Named(label.Name, label.Color)}<small>{Hints.Percent(label.Share)} of the pixels</small></header>""");
            WriteMaps(page, [.. findings.Methods.Zip(label.Maps, (method, map) => Figure(map, method, "", "", label.Name))]);
            page.Write($"""<div class="scale">{Hints.Cosine(label.Low)}<i></i>{Hints.Cosine(label.High)}</div></div>""");
        }
        page.Write("</div>");
    }

    private static void WriteMaps(HtmlPage page, IReadOnlyList<string> figures) =>
        page.Write($"""<div class="maps" style="--n:{figures.Count}">{string.Concat(figures)}</div>""");

    /// <param name="picture">The picture.</param>
    /// <param name="title">Text in bold.</param>
    /// <param name="caption">Markup behind it.</param>
    /// <param name="over">Markup over the picture.</param>
    /// <param name="of">What the picture is of, where its caption does not say so.</param>
    private static string Figure(Jpeg picture, string title, string caption, string over = "", string of = "")
    {
        var text = HtmlPage.Text(of.Length == 0 ? title : $"{of}, {title}");
        return Invariant($"""<figure><span class="zoom" tabindex="0"><img src="{Address(picture)}" width="{picture.Width}" height="{picture.Height}" alt="{text}" loading="lazy">{over}</span><figcaption><b>{HtmlPage.Text(title)}</b> {caption}</figcaption></figure>""");
    }

    private static string Marks(PictureFinding picture)
    {
        var marks = new StringBuilder();
        for (var i = 0; i < picture.Points.Count; i++)
        {
            var (point, frame) = (picture.Points[i], picture.Points[i].Frame);
            marks.Append(CultureInfo.InvariantCulture, $"""<span class="frame" style="left:{100 * frame.X:0.##}%;top:{100 * frame.Y:0.##}%;width:{100 * frame.Width:0.##}%;height:{100 * frame.Height:0.##}%"></span>""");
            marks.Append(Mark((point.X + 0.5) / picture.Width, (point.Y + 0.5) / picture.Height, i + 1));
        }
        return marks.ToString();
    }

    private static string Mark(double x, double y, int? number) =>
        Invariant($"""<span class="mark" style="left:{100 * x:0.##}%;top:{100 * y:0.##}%">{(number is null ? "" : Invariant($"<b>{number}</b>"))}</span>""");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
