using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>CLIPtrase's affinity, regions and voted label maps against its authors' code, of all that a manifest has.</summary>
public sealed class CliptraseGoldenTests
{
    private const float Tolerance = 1e-4f;

    private static JsonNode Models { get; } = GoldenSet.Successors.Read("manifest.json")["models"]!;

    /// <summary>Model, index of the picture.</summary>
    public static TheoryData<string, int> Pictures => [.. Models.AsObject().SelectMany(model => model.Value!["vision"]!.AsArray().Index().Where(item => item.Item!["region_affinity"] is not null).Select(item => (model.Key, item.Index)))];

    /// <summary>Model, index of the case.</summary>
    public static TheoryData<string, int> Cases => [.. Models.AsObject().SelectMany(model => model.Value!["cliptrase_clustering"]!.AsArray().Index().Select(item => (model.Key, item.Index)))];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_affinity_of_the_block_before_the_last_is_the_authors(string name, int index)
    {
        using var model = SuccessorGoldenTests.Load(name);
        var node = Models[name]!["vision"]![index]!;
        var affinity = Look(model, SuccessorGoldenTests.Picture(node["image"]), window => CliptraseClusters.Affinity(window).ToArray());
        Close.Assert(GoldenSet.Successors.Floats(node["region_affinity"]).Values, affinity, Tolerance, $"{name} {index}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Regions_and_the_labels_that_they_vote_for_are_the_authors(string name, int index)
    {
        using var model = SuccessorGoldenTests.Load(name);
        var node = Models[name]!["cliptrase_clustering"]![index]!;
        var (picture, labels) = (PictureOf(name, node), Labels(name, node));
        var density = (node["eps"]!.GetValue<double>(), node["min_samples"]!.GetValue<int>());
        var regions = Look(model, picture, window => new CliptraseClusters(density).Features(window).Regions!);
        var expected = Npy.ReadWhole(File.ReadAllBytes(GoldenSet.Successors.PathOf(node["patch_regions"]!.GetValue<string>())), "patch_regions", int.MaxValue).Values;
        Assert.Equal(expected, regions.OfPatch.Select(region => (long)region));
        Assert.Equal(node["regions"]!.GetValue<int>(), regions.Count);

        using var segmenter = new ManagedSegmenter(model);
        var map = segmenter.Segment([Input(picture)], labels, new() { Method = "cliptrase", Crop = 0 }, TestContext.Current.CancellationToken)[0].LabelMap;
        RegionVote.Apply(map, picture.Height, picture.Width, regions, model.Threads);
        AssertLabels(node, map, regions, picture, model.Threads);
    }

    [EngineTheory]
    [MemberData(nameof(Cases))]
    public void The_engine_labels_as_the_authors_where_the_density_is_theirs_for_so_many_patches(string name, int index)
    {
        using var model = SuccessorGoldenTests.Load(name);
        var node = Models[name]!["cliptrase_clustering"]![index]!;
        var picture = PictureOf(name, node);
        var regions = Look(model, picture, window => new CliptraseClusters().Features(window).Regions!);
        var few = regions.OfPatch.Length < (14 * 14 + 21 * 21) / 2;
        if ((node["eps"]!.GetValue<double>(), node["min_samples"]!.GetValue<int>()) != (few ? (0.7, 3) : (1.1, 7)))
            return;
        foreach (var backend in Backends.Names)
        {
            using var segmenter = Backends.Create(backend, model);
            var result = segmenter.Segment([Input(picture)], Labels(name, node), new() { Method = "cliptrase:clusters", Crop = 0 }, TestContext.Current.CancellationToken)[0];
            AssertLabels(node, result.LabelMap, regions, picture, model.Threads);
            Assert.Equal(Enumerable.Range(0, result.PixelCounts.Length).Select(label => result.LabelMap.LongCount(value => value == label)), result.PixelCounts);
        }
    }

    /// <summary>Label maps may differ only where a pixel is as like another region.</summary>
    private static void AssertLabels(JsonNode node, ushort[] actual, PatchRegions regions, RgbImage picture, Threads threads)
    {
        var expected = GoldenSet.Successors.Bytes(node["label_map"]).Values;
        var likeness = new float[regions.Count * picture.Height * picture.Width];
        BilinearResize.Planes(RegionVote.Smoothed(regions, threads), regions.Count, 4 * regions.GridHeight, 4 * regions.GridWidth, likeness, picture.Height, picture.Width);
        Close.AssertLabels(expected, actual, Margin, node.ToJsonString());

        float Margin(int pixel)
        {
            var sorted = Enumerable.Range(0, regions.Count).Select(region => likeness[region * picture.Height * picture.Width + pixel]).OrderDescending().ToArray();
            return sorted.Length < 2 ? float.PositiveInfinity : sorted[0] - sorted[1];
        }
    }

    private static RgbImage PictureOf(string name, JsonNode node) => SuccessorGoldenTests.Picture(
        Models[name]!["vision"]!.AsArray().First(picture => Golden.Ints(picture!["size"]).SequenceEqual(Golden.Ints(node["size"])))!["image"]);

    private static SegmentationInput Input(RgbImage picture) =>
        new() { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };

    /// <summary>The names of a case, a class each.</summary>
    private static LabelEmbeddings Labels(string name, JsonNode node)
    {
        var all = Models[name]!["label_embeddings"]!;
        var (values, shape) = GoldenSet.Successors.Floats(all["embeddings"]);
        var (known, wanted) = (Golden.Strings(all["names"]), Golden.Strings(node["names"]));
        return new()
        {
            Values = [.. wanted.SelectMany(label => values.AsSpan(Array.IndexOf([.. known], label) * shape[1], shape[1]).ToArray())],
            Dimension = shape[1],
            ClassOfName = [.. Enumerable.Range(0, wanted.Length)],
            ClassCount = wanted.Length,
        };
    }

    /// <summary>What is made of a picture as one window.</summary>
    private static T Look<T>(ClipModel model, RgbImage picture, Func<WindowTower, T> look)
    {
        PixelWindow[] windows = [GoldenModel.Whole(picture)];
        var batch = TokenBatch.Of(windows, PatchCut.Whole(model.Config.PatchSize));
        var found = default(T);
        var outputs = model.Vision.Outputs(windows, batch, new CliptraseClusters().Outputs(model.Config.Vision.Layers), CancellationToken.None);
        model.Vision.ForWindows(batch, outputs, (_, blocks, outputOf) =>
            found = look(new WindowTower(blocks, model.Config, new(picture.Height, picture.Width), outputOf, () => model.Normalisation.Planes(windows[0]))));
        return found!;
    }
}
