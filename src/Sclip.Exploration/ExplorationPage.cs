using System.Globalization;
using Sclip.Evaluation.Html;

namespace Sclip.Exploration;

/// <summary>Shows findings and their pictures in one page that holds all it shows.</summary>
public static class ExplorationPage
{
    private const string Title = "What the model sees";
    private const int HeadLength = 1024;

    /// <summary>Whether a file is such a page.</summary>
    public static bool Is(string path)
    {
        using var file = new StreamReader(path);
        var head = new char[HeadLength];
        return head.AsSpan(0, file.ReadBlock(head)).Contains($"<title>{Title}</title>", StringComparison.Ordinal);
    }

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where it is written; left open.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="model">What the model is called.</param>
    public static void Write(TextWriter output, ExplorationFindings findings, string model)
    {
        using var page = new HtmlPage(output, Title, ExplorationStyle.Css);
        Introduce(page, findings, model);
        WriteClasses(page, findings);
        WriteClusters(page, findings);
        for (var i = 0; i < findings.Pictures.Count; i++)
            PictureSection.Write(page, findings, i);
    }

    private static void Introduce(HtmlPage page, ExplorationFindings findings, string model)
    {
        var (options, windows) = (findings.Options, findings.Options.Segmentation);
        var crop = windows.Crop == 0 ? "the whole picture as one window" : $"windows of {windows.Crop} px every {windows.Stride}";
        var step = windows.PatchStride is { } pixels ? $" · a patch every {pixels} px" : "";
        var size = options.ShortSide == 0 ? "pictures in their own size" : $"short side {options.ShortSide} px";
        var scale = windows.LogitScale.ToString("0.##", CultureInfo.InvariantCulture);
        page.Write($"""<p class="note">{HtmlPage.Text($"{model} · {size} · {crop}{step} · logit scale {scale}. Tables are of {findings.Method}; pictures compare {string.Join(", ", findings.Methods)}.")} Select a picture to enlarge it.</p>""");
        page.Write("<nav>");
        for (var i = 0; i < findings.Pictures.Count; i++)
            page.Write($"""<a href="#picture-{i + 1}"><img src="{PictureSection.Address(Jpeg.Of(findings.Pictures[i].Thumbnail))}" alt=""><span>{HtmlPage.Text(findings.Pictures[i].Name)}</span></a>""");
        page.Write("</nav>");
    }

    private static void WriteClasses(HtmlPage page, ExplorationFindings findings)
    {
        page.Write("""
            <section class="hints">
            <h2>Classes</h2>
            <p class="note">Similarity is the cosine of pixels with the class's best name, over all pictures. Lead: how far it is ahead of the next class where it wins.
            In doubt: the share of the pixels it wins where the next class is at least half as probable.</p>
            """);
        page.TableOfMarkup(
            ["Class", "Pixels", "Mean", "Highest", "Lead", "In doubt", "Rival", "What to make of it"],
            findings.Classes.Zip(findings.Colors).OrderByDescending(item => item.First.Share).ThenByDescending(item => item.First.Lead).Select(item => (string[])
            [
                PictureSection.Named(item.First.Name, item.Second), Share(item.First.Share), Hints.Cosine(item.First.MeanCosine), Hints.Cosine(item.First.MaxCosine),
                Hints.Cosine(item.First.Lead), Hints.Percent(item.First.Doubt), HtmlPage.Text(item.First.Rival ?? "none"), HtmlPage.Text(item.First.Hint),
            ]));
        if (findings.Pairs.Count > 0)
        {
            page.Write("""
                <h2>Names that compete</h2>
                <p class="note">Contested: the share of all pixels where these two are the most similar and nearly as probable. Correlation: how alike their maps are, 1 at most.</p>
                """);
            page.Table(
                ["Names", "Contested", "Correlation", "What to make of it"],
                findings.Pairs.Select(pair => (string[])
                    [$"{pair.First} / {pair.Second}", Hints.Percent(pair.Contested), pair.Correlation.ToString("0.00", CultureInfo.InvariantCulture), pair.Hint]));
        }
        page.Write("</section>");
    }

    private static void WriteClusters(HtmlPage page, ExplorationFindings findings)
    {
        page.Write($"""
            <section class="hints">
            <h2>Clusters</h2>
            <p class="note">What falls apart without any names: K-means of the patches' dense features over all pictures, so a colour means the same in each of them,
            by one method. Beside each, the names nearest to it on average; one that lies between two names may want a name of its own.</p>
            """);
        for (var i = 0; i < findings.Methods.Count; i++)
        {
            var method = findings.Methods[i];
            page.Write($"""<details{(method == findings.Method ? " open" : "")}><summary>{HtmlPage.Text(method)}</summary>""");
            page.TableOfMarkup(["Cluster", "Patches", "Nearest names", "What to make of it"], findings.Clusters[i].Select((cluster, number) => (string[])
            [
                PictureSection.Named($"{number + 1}", cluster.Color), Share(cluster.Share),
                HtmlPage.Text(string.Join(", ", cluster.Nearest.Select(item => $"{item.Name} {Hints.Cosine(item.Cosine)}"))), HtmlPage.Text(cluster.Hint),
            ]));
            page.Write("</details>");
        }
        page.Write("</section>");
    }

    /// <summary>A share with a bar of its length.</summary>
    private static string Share(double share) => string.Create(
        CultureInfo.InvariantCulture, $"""<span class="bar"><i style="width:{100 * share:0.##}%"></i></span>{HtmlPage.Text(Hints.Percent(share))}""");
}
