using System.Text.Json.Nodes;
using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Reports;
using Sclip.Imaging;

namespace Sclip.Evaluation.Tests.Reports;

public class ReportTests
{
    private const string Hostile = "<script>alert(\"1\")</script>, & 'more'";

    [Fact]
    public async Task The_measures_are_written_as_JSON()
    {
        using var data = new MaskFolders().Add("a", [0, 1, 1, 2], [0, 0, 1, 255]);
        data.Write("pred/b", [0, 0]);
        using var stream = new MemoryStream();
        MetricsJson.Write(stream, await data.Run(MaskFolders.Classes("cat", "dog", "Bär")));
        var json = JsonNode.Parse(stream.ToArray())!;
        Assert.Equal([0.5, 0.75, 2.0 / 3], new[] { "mIoU", "mAcc", "aAcc" }.Select(key => json[key]!.GetValue<double>()));
        Assert.Equal([1, 3, 1, 255], new[] { "pictures", "pixels", "ignored_pixels", "ignore" }.Select(key => json[key]!.GetValue<int>()));
        Assert.Equal(0.25, json["ignored_share"]!.GetValue<double>());
        Assert.Equal(["25.00 % of the pixels do not count", "1 of 3 classes has no ground truth: Bär"], json["notices"]!.AsArray().Select(notice => notice!.GetValue<string>().Split([", 1 of", ". Where"], default)[0]));
        Assert.Equal("b", json["without_ground_truth"]!["first"]![0]!.GetValue<string>());
        Assert.Equal("""{"id":2,"name":"Bär","IoU":null,"Acc":null,"intersection":0,"ground_truth":0,"prediction":0}""", Plain(json["classes"]![2]!));
        Assert.Equal("a", json["worst"]![0]!["picture"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_matrix_is_written_as_CSV_with_names_in_quotes_where_they_need_them()
    {
        using var data = new MaskFolders().Add("a", [0, 1, 1, 1], [0, 0, 1, 1]);
        var text = new StringWriter();
        ConfusionCsv.Write(text, await data.Run(MaskFolders.Classes("cat, \"tabby\"", "dog")));
        Assert.Equal("ground truth \\ prediction,\"cat, \"\"tabby\"\"\",dog\r\n\"cat, \"\"tabby\"\"\",1,1\r\ndog,0,2\r\n", text.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(200)]
    [InlineData(700)]
    public async Task The_matrix_is_drawn_for_few_classes_and_for_many(int classes)
    {
        using var data = new MaskFolders().Add("a", [0, 0], [0, 0]);
        var png = ConfusionPicture.Draw(await data.Run(MaskFolders.Classes([.. Enumerable.Range(0, classes).Select(i => $"class {i} of a rather long name that must be cut")])));
        var (pixels, width, height) = MaskDecoder.Read(png, ImageLimits.Default);
        Assert.InRange(width, 200, 3000);
        Assert.InRange(height, 200, 3000);
        // The first class is found whole: one cell of the darkest heat.
        Assert.Contains((ushort)127, pixels);
        Assert.Equal(classes > 1, pixels.Contains((ushort)0));
    }

    [Fact]
    public async Task Names_of_users_are_shown_and_never_run()
    {
        using var data = new MaskFolders();
        data.Add("<img src=x onerror=alert(1)>", [0, 1], [1, 1]);
        var html = await Page(data, MaskFolders.Classes(Hostile, "dog"));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;, &amp; &#39;more&#39;", html, StringComparison.Ordinal);
        Assert.Contains("<h3>&lt;img src=x onerror=alert(1)&gt;</h3>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_the_picture_where_it_is_at_hand()
    {
        using var data = new MaskFolders().Add("x/a", [0, 1], [1, 1]);
        data.Folder.Write("pictures/x/a.jpg", JpegEncoder.Encode(new RgbImage(2, 1, new byte[6])));
        Assert.Contains("<figcaption>picture</figcaption>", await Page(data, MaskFolders.Classes("a", "b"), "pictures"), StringComparison.Ordinal);
        data.Folder.Write("pictures/x/a.jpg", "no picture");
        var without = await Page(data, MaskFolders.Classes("a", "b"), "pictures");
        Assert.DoesNotContain("<figcaption>picture</figcaption>", without, StringComparison.Ordinal);
        Assert.Contains("<figcaption>ground truth</figcaption>", without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_tells_what_is_left_out_and_what_is_noticed_and_shows_ids_as_they_are_read()
    {
        using var data = new MaskFolders().Add("a", [0, 1, 0, 1], [0, 1, 0, 255]);
        data.Write("gt/left-out", [0, 1]);
        var html = await Page(data, MaskFolders.Classes("a", "b"));
        Assert.Contains("Left out: 1 pixel (25.00 %) that does not count; 0 predictions without ground truth, 1 picture of the ground truth without prediction, 0 failed to be labelled.", html, StringComparison.Ordinal);
        Assert.Contains("<div class=\"notice\">25.00 % of the pixels do not count", html, StringComparison.Ordinal);
        html = await Page(data, MaskFolders.Classes("a", "b") with { TruthIds = new Dictionary<int, int> { [255] = 0 } });
        Assert.Contains("in the ground truth, 255 is read as 0;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("do not count, 1 of", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_the_confusion_matrix_that_lies_beside_it()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [1, 1]);
        var settings = MaskFolders.Classes("a", "b");
        var (evaluator, predictions, truth) = data.Open(settings);
        var result = await data.Run(settings);
        Directory.CreateDirectory(data.Folder["report"]);
        ReportFolder.Write(data.Folder["report"], result, new HtmlReport(result, predictions, truth, evaluator, null));
        Assert.Contains(Convert.ToBase64String(File.ReadAllBytes(data.Folder["report/confusion.png"])), File.ReadAllText(data.Folder["report/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partial_evaluation_says_so_on_the_page()
    {
        using var data = new MaskFolders().Add("a", [0, 1], [0, 1]);
        data.Write("gt/left-out", [0, 1]);
        Assert.Contains("1 picture of the ground truth has no prediction: left-out", await Page(data, MaskFolders.Classes("a", "b")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_most_often_confused_comes_first()
    {
        using var data = new MaskFolders().Add("a", [1, 1, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]);
        var result = await data.Run(MaskFolders.Classes("a", "b", "c"));
        Assert.Equal([new Confusion(0, 1, 3, 0.75), new Confusion(0, 2, 1, 0.25), new Confusion(1, 0, 1, 1)], result.Confusions(3));
    }

    private static async Task<string> Page(MaskFolders data, EvaluationSettings settings, string? pictures = null)
    {
        var (evaluator, predictions, truth) = data.Open(settings);
        var (text, result) = (new StringWriter(), await data.Run(settings));
        new HtmlReport(result, predictions, truth, evaluator, pictures is null ? null : new PictureFolder(data.Folder[pictures])).Write(text, ConfusionPicture.Draw(result));
        return text.ToString();
    }

    private static string Plain(JsonNode node) => node.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
