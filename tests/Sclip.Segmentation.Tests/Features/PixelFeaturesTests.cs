using System.Numerics.Tensors;
using Sclip.Labels;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;
using Sclip.Testing.Accuracy;

namespace Sclip.Segmentation.Tests.Features;

public class PixelFeaturesTests
{
    public static TheoryData<string> Models => [.. Golden.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_feature_of_a_pixel_has_the_cosines_that_the_label_map_compares(string name)
    {
        using var model = new GoldenModel(name);
        using var segmenter = new ManagedSegmenter(model.Clip);
        using var labeller = new FeatureLabeller(model.Clip);
        var labels = model.Labels();
        foreach (var node in model.Node["slide"]!.AsArray())
            foreach (var output in node!["outputs"]!.AsArray())
            {
                var options = SlidingWindowGoldenTests.Options(node, output!) with { ProbabilityThreshold = 0, AreaThreshold = null, PamrSteps = 0 };
                var picture = GoldenModel.Input(node["image"], node["original_size"]);
                var (_, features) = FewerBits.Keep(segmenter, labeller, picture, labels, options, FeatureEncoding.Float16);
                var map = labeller.Label(features, picture, labels, options).LabelMap;
                var cosines = Enumerable.Range(0, labels.ClassOfName.Length)
                    .Select(i => labeller.CosineMap(features, labels.Values[(i * labels.Dimension)..((i + 1) * labels.Dimension)], picture.OutputWidth, picture.OutputHeight)).ToArray();
                var pixels = new PixelFeatures(features);
                var feature = new float[labels.Dimension];
                foreach (var (x, y) in Pixels(picture))
                {
                    pixels.Read(x, y, feature);
                    var at = y * picture.OutputWidth + x;
                    for (var i = 0; i < cosines.Length; i++)
                        Assert.Equal(cosines[i][at], TensorPrimitives.Dot(feature, labels.Values.AsSpan(i * labels.Dimension, labels.Dimension)), 1e-5);
                    var best = labels.ClassOfName[Enumerable.Range(0, cosines.Length).MaxBy(i => cosines[i][at])];
                    // Of a near-tie either may win.
                    Assert.True(best == map[at] || Lead(cosines, labels, at) < 1e-5, $"{x},{y}: {best}, {map[at]}");
                }
            }
    }

    [Fact]
    public void Pixels_outside_of_the_picture_are_refused()
    {
        using var model = new GoldenModel(Golden.Models.First());
        using var segmenter = new ManagedSegmenter(model.Clip);
        using var labeller = new FeatureLabeller(model.Clip);
        var node = model.Node["slide"]![0]!;
        var picture = GoldenModel.Input(node["image"], node["original_size"]);
        var (_, features) = FewerBits.Keep(segmenter, labeller, picture, model.Labels(), SlidingWindowGoldenTests.Options(node, node["outputs"]![0]!), FeatureEncoding.Float16);
        var (pixels, target) = (new PixelFeatures(features), new float[features.Header.Dimension]);
        foreach (var (x, y) in ((int, int)[])[(-1, 0), (0, -1), (picture.OutputWidth, 0), (0, picture.OutputHeight)])
            Assert.Throws<ArgumentOutOfRangeException>(() => pixels.Read(x, y, target));
    }

    [Fact]
    public void A_name_is_embedded_the_same_alone_and_among_others_and_by_either_way()
    {
        using var model = new GoldenModel(Golden.Models.First());
        using var embedder = new NameEmbedder(model.Clip);
        var set = LabelSet.Load("a dog, puppy\nsky\n");
        var templates = PromptTemplates.ImageNet;
        var whole = model.Clip.EmbedLabels(set, templates, cacheDirectory: null);
        Assert.Equal(whole.Values, embedder.Embed(set, templates, cacheDirectory: null).Values);
        var alone = embedder.Embed(LabelSet.Load("sky"), templates, cacheDirectory: null);
        Assert.Equal(whole.Values[^whole.Dimension..], alone.Values);
    }

    private static IEnumerable<(int X, int Y)> Pixels(SegmentationInput picture)
    {
        var random = new Random(5);
        (int X, int Y)[] corners = [(0, 0), (picture.OutputWidth - 1, 0), (0, picture.OutputHeight - 1), (picture.OutputWidth - 1, picture.OutputHeight - 1)];
        return corners.Concat(Enumerable.Range(0, 20).Select(_ => (random.Next(picture.OutputWidth), random.Next(picture.OutputHeight))));
    }

    private static float Lead(float[][] cosines, LabelEmbeddings labels, int at)
    {
        var best = Enumerable.Range(0, labels.ClassCount).Select(label => Enumerable.Range(0, cosines.Length).Where(i => labels.ClassOfName[i] == label).Max(i => cosines[i][at])).OrderDescending().ToArray();
        return best.Length < 2 ? float.MaxValue : best[0] - best[1];
    }
}
