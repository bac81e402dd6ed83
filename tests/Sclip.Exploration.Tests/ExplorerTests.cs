using Sclip.Contracts;
using Sclip.Evaluation;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Testing;

namespace Sclip.Exploration.Tests;

public sealed class ExplorerTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&";
    private static readonly string Demo = Path.Combine(Repository.Root, "models", "demo");

    [Fact]
    public void A_page_shows_every_picture_method_point_class_and_cluster()
    {
        var options = Options() with { Clusters = 5, Points = [(40, 150), (200, 20)] };
        var (findings, html) = Explore(options, "grass, sky, sand, brick", [1, 2]);
        Assert.Equal("sclip", findings.Method);
        Assert.Equal(4, findings.Classes.Count);
        Assert.Equal(1, findings.Classes.Sum(item => item.Share), 1e-9);
        Assert.All(findings.Clusters, clusters => Assert.Equal(1, clusters.Sum(cluster => cluster.Share), 1e-9));
        Assert.All(findings.Pictures, picture =>
        {
            Assert.Equal(3, picture.Labels.Count);
            Assert.Equal(3, picture.Clusters.Count);
            Assert.Equal(4, picture.Classes.Count);
            Assert.All(picture.Classes, item => Assert.Equal(3, item.Maps.Count));
            Assert.Equal([(40, 150), (200, 20)], picture.Points.Select(point => (point.X, point.Y)));
            Assert.All(picture.Points, point => Assert.Equal(1, point.Maps[1].Own, 1e-6));
        });
        // Of each picture: one at the top, itself, labels, clusters, two points with their windows, heat maps.
        Assert.Equal(2 * (1 + 1 + 3 + 3 + 2 * 4 + 4 * 3), html.Split("<img ").Length - 1);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        foreach (var (closed, opened) in new[] { "figure", "section", "div", "details", "header", "span", "table" }.Select(tag => ($"</{tag}>", $"<{tag}")))
            Assert.Equal(html.Split(closed).Length, html.Split(opened + ">").Length + html.Split(opened + " ").Length - 1);
    }

    [Fact]
    public void Points_that_nobody_chose_lie_in_the_two_largest_classes()
    {
        var (findings, html) = Explore(Options(), "grass, sky, sand, brick", [1]);
        var picture = findings.Pictures[0];
        var largest = findings.Classes.OrderByDescending(item => item.Share).Take(2).Select(item => item.Name);
        Assert.Equal(largest, picture.Points.Select(point => point.Class));
        Assert.Contains($"the widest part of {picture.Points[0].Class}", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_files_classes_and_models_are_text()
    {
        var labels = LabelSet.Of([new LabelClass { Name = Hostile }, new LabelClass { Name = "sky" }]);
        var (_, html) = Explore(Options() with { Clusters = 2 }, labels, [1], name: Hostile, model: Hostile);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"'&<", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_threads_changes_no_byte_of_the_page()
    {
        var pages = new[] { 1, 3 }.Select(threads => Explore(Options() with { Methods = ["sclip"] }, LabelSet.Load("grass, sky"), [3], threads: threads).Html).ToArray();
        Assert.Equal(pages[0], pages[1]);
    }

    [Fact]
    public void Many_classes_show_those_that_win_most_unless_all_are_wanted_and_a_page_stays_small()
    {
        var labels = LabelSet.Load(string.Join(',', Enumerable.Range(1, 20).Select(i => $"thing {i}")));
        var options = Options() with { Methods = ["clip", "sclip"] };
        var (few, html) = Explore(options, labels, [1]);
        Assert.Equal(Explorer.ClassesShown, few.Pictures[0].Classes.Count);
        Assert.True(few.Pictures[0].Classes[0].Share >= few.Pictures[0].Classes[^1].Share);
        Assert.Contains("--all-classes", html, StringComparison.Ordinal);
        // 15 MB for four pictures of twelve classes by three methods.
        Assert.InRange(html.Length, 100_000, 15_000_000 / 4 * 2 / 3);
        Assert.Equal(20, Explore(options with { AllClasses = true }, labels, [1]).Findings.Pictures[0].Classes.Count);
    }

    [Fact]
    public void A_point_outside_a_picture_is_refused_with_the_pictures_size()
    {
        var error = Assert.Throws<EvaluationException>(() => Explore(Options() with { Points = [(256, 0)] }, "grass, sky", [1]));
        Assert.Equal("The point 256,0 lies outside scene-1.png, which has 256 x 192 pixels (--point).", error.Message);
    }

    [Fact]
    public void A_picture_of_too_many_patches_is_refused_before_it_is_looked_at()
    {
        using var clip = ClipModel.Load(Path.Combine(Demo, "model"), 1);
        var labels = LabelSet.Load("grass, sky");
        using var explorer = new Explorer(clip, labels, clip.EmbedLabels(labels, clip.Defaults.Templates!, null, cancellationToken: TestContext.Current.CancellationToken), Options());
        var picture = new RgbImage(1040, 1040, new byte[1040 * 1040 * 3]);
        Assert.Contains("--short-side", Assert.Throws<SegmentationException>(() => explorer.Add("a", picture, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_clusters_than_patches_are_refused()
    {
        var options = Options() with { Methods = ["sclip"], Clusters = 64, ShortSide = 24, Segmentation = new SegmentationOptions { Crop = 0 } };
        Assert.Contains("the pictures have 12 patches", Assert.Throws<EvaluationException>(() => Explore(options, "grass, sky", [1])).Message, StringComparison.Ordinal);
    }

    public static TheoryData<ExplorationOptions, string> WrongOptions => new()
    {
        { new ExplorationOptions { Methods = [] }, "--methods" },
        { new ExplorationOptions { Methods = ["clip", "clip"] }, "twice" },
        { new ExplorationOptions { Clusters = 1 }, "--clusters" },
        { new ExplorationOptions { Clusters = 65 }, "--clusters" },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_out_of_range_are_refused(ExplorationOptions options, string mention) =>
        Assert.Contains(mention, Assert.Throws<EvaluationException>(options.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_method_is_refused_with_those_there_are() =>
        Assert.Contains("there are sclip, clip", Assert.Throws<SegmentationException>(new ExplorationOptions { Methods = ["slcip"] }.Validate).Message, StringComparison.Ordinal);

    [Fact]
    public void Figures_are_of_sclip_or_else_of_the_last_method()
    {
        Assert.Equal(2, new ExplorationOptions().Primary);
        Assert.Equal(0, new ExplorationOptions { Methods = ["sclip", "clip"] }.Primary);
        Assert.Equal(1, new ExplorationOptions { Methods = ["clip", "vv"] }.Primary);
    }

    [Fact]
    public void A_model_whose_method_has_no_attention_gets_a_page_without_points()
    {
        Assert.SkipUnless(GoldenSet.Trained.Has("eva"), "The kept part of the golden vectors has no EVA model.");
        using var model = ClipModel.Load(Directory.GetDirectories(GoldenSet.Trained.PathOf("eva/models")).Single(), threads: 2);
        var labels = LabelSet.Load("grass, sky");
        var embeddings = model.EmbedLabels(labels, PromptTemplates.Of(["a {}."]), null, cancellationToken: TestContext.Current.CancellationToken);
        var options = Options() with { Methods = ["eva-clipself"], Clusters = 2 };
        var error = Assert.Throws<EvaluationException>(() => new Explorer(model, labels, embeddings, options with { Points = [(1, 1)] }));
        Assert.Contains("leave --point out", error.Message, StringComparison.Ordinal);
        using var explorer = new Explorer(model, labels, embeddings, options);
        explorer.Add("scene", ImageDecoder.Decode(File.ReadAllBytes(Path.Combine(Demo, "pictures", "scene-1.png")), ImageLimits.Default), TestContext.Current.CancellationToken);
        var findings = explorer.Finish(TestContext.Current.CancellationToken);
        Assert.Empty(findings.Pictures[0].Points);
        using var text = new StringWriter();
        ExplorationPage.Write(text, findings, "eva");
        Assert.DoesNotContain("Where a point looks", text.ToString(), StringComparison.Ordinal);
    }

    private static ExplorationOptions Options() => new() { Segmentation = new SegmentationOptions { Crop = 64, Stride = 64 } };

    private static (ExplorationFindings Findings, string Html) Explore(ExplorationOptions options, string labels, int[] scenes) => Explore(options, LabelSet.Load(labels), scenes);

    private static (ExplorationFindings Findings, string Html) Explore(
        ExplorationOptions options, LabelSet labels, int[] scenes, string? name = null, string model = "demo", int threads = 2)
    {
        using var clip = ClipModel.Load(Path.Combine(Demo, "model"), threads);
        using var explorer = new Explorer(clip, labels, clip.EmbedLabels(labels, clip.Defaults.Templates!, null, cancellationToken: TestContext.Current.CancellationToken), options);
        foreach (var scene in scenes)
        {
            var file = Path.Combine(Demo, "pictures", $"scene-{scene}.png");
            explorer.Add(name ?? Path.GetFileName(file), ImageDecoder.Decode(File.ReadAllBytes(file), ImageLimits.Default), TestContext.Current.CancellationToken);
        }
        var findings = explorer.Finish(TestContext.Current.CancellationToken);
        using var text = new StringWriter();
        ExplorationPage.Write(text, findings, model);
        return (findings, text.ToString());
    }
}
