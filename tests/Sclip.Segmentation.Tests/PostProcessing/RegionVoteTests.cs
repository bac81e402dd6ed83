using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.PostProcessing;

public sealed class RegionVoteTests : IDisposable
{
    private readonly Threads _threads = new(2);

    public void Dispose() => _threads.Dispose();

    [Fact]
    public void The_pixels_of_a_region_take_the_label_that_most_have_and_of_several_the_first()
    {
        // The left half of the picture is like the first region, the right half like the second.
        var regions = new PatchRegions(2, 4, [0, 0, 1, 1, 0, 0, 1, 1], [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1], 2);
        ushort[] map =
        [
            5, 5, 2, 3,
            5, 1, 3, 2,
        ];
        RegionVote.Apply(map, 2, 4, regions, _threads);
        Assert.Equal([5, 5, 2, 2, 5, 5, 2, 2], map);
    }

    [Fact]
    public void Without_regions_labels_stay()
    {
        ushort[] map = [4, 0, 7, 7];
        RegionVote.Apply(map, 2, 2, PatchRegions.Of(2, 2, new float[16], [.. Enumerable.Repeat(DensityClusters.Noise, 4)]), _threads);
        Assert.Equal([4, 0, 7, 7], map);
    }

    [Fact]
    public void Regions_are_told_by_the_mean_of_their_patches_rows()
    {
        float[] rows = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var regions = PatchRegions.Of(1, 3, rows, [0, DensityClusters.Noise, 0]);
        Assert.Equal([4, 5, 6], regions.Likeness);
        Assert.Equal(1, regions.Count);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(3, 2)]
    public void Likeness_is_smoothed_by_the_median_of_what_lies_around_mirrored_at_the_borders(int gridHeight, int gridWidth)
    {
        var random = new Random(gridHeight * 10 + gridWidth);
        var likeness = Enumerable.Range(0, 2 * gridHeight * gridWidth).Select(_ => random.NextSingle()).ToArray();
        var (height, width) = (4 * gridHeight, 4 * gridWidth);
        var large = new float[2 * height * width];
        BilinearResize.Planes(likeness, 2, gridHeight, gridWidth, large, height, width);
        var expected = from pixel in Enumerable.Range(0, large.Length)
                       select (from y in Enumerable.Range(pixel / width % height - 3, 7)
                               from x in Enumerable.Range(pixel % width - 3, 7)
                               select large[pixel / (height * width) * height * width + Mirror(y, height) * width + Mirror(x, width)]).Order().ElementAt(24);
        Assert.Equal(expected, RegionVote.Smoothed(new PatchRegions(gridHeight, gridWidth, [], likeness, 2), _threads));

        // d c b a | a b c d | d c b a
        static int Mirror(int index, int length) => (index + 2 * length) % (2 * length) is var at && at < length ? at : 2 * length - 1 - at;
    }

    [Fact]
    public void Counts_scores_and_doubts_are_of_the_labels_that_regions_voted_for()
    {
        using var model = ClipModel.Load(GoldenSet.Successors.PathOf("models/deep"), threads: 2);
        using var segmenter = new ManagedSegmenter(model);
        var (height, width) = (8 * model.Config.PatchSize, 6 * model.Config.PatchSize);
        var rgb = new byte[height * width * 3];
        new Random(11).NextBytes(rgb);
        var input = new SegmentationInput { Rgb = rgb, Width = width, Height = height, OutputWidth = 90, OutputHeight = 70, DoubtMap = true };
        var (plain, voted) = (Segment("cliptrase"), Segment("cliptrase:clusters"));
        Assert.NotEqual(plain.LabelMap, voted.LabelMap);
        for (var pixel = 0; pixel < voted.LabelMap.Length; pixel++)
            // The same features by other kernels: a doubt may be rounded the other way.
            Assert.Equal(plain.LabelMap[pixel] == voted.LabelMap[pixel] ? plain.DoubtMap![pixel] : byte.MaxValue, voted.DoubtMap![pixel], 1.0);
        Assert.Equal(Enumerable.Range(0, voted.PixelCounts.Length).Select(label => voted.LabelMap.LongCount(value => value == label)), voted.PixelCounts);
        // Scores stay where they are, and are added up under the labels that are there now.
        Assert.Equal(plain.MeanConfidence, voted.MeanConfidence, 1e-5);
        Assert.Equal(voted.MeanConfidence, voted.ClassConfidences.Zip(voted.PixelCounts, (score, count) => score * count).Sum() / voted.LabelMap.Length, 1e-9);
        Assert.True(voted.Doubt > plain.Doubt);

        SegmentationResult Segment(string method) =>
            segmenter.Segment([input], SuccessorGoldenTests.Labels("deep"), new() { Method = method, Crop = 0 }, TestContext.Current.CancellationToken)[0];
    }

    [Fact]
    public void Windows_and_features_to_keep_are_refused()
    {
        using var model = ClipModel.Load(GoldenSet.Successors.PathOf("models/deep"), threads: 2);
        using var segmenter = new ManagedSegmenter(model);
        var side = model.Config.ImageSize;
        var picture = new SegmentationInput { Rgb = new byte[side * side * 3], Width = side, Height = side, OutputWidth = side, OutputHeight = side };
        var options = new SegmentationOptions { Method = "cliptrase:clusters", Crop = 0 };
        Assert.Equal(
            "cliptrase:clusters finds regions in the picture as a whole, so that the crop must be 0 (--crop 0), which takes it as one window; it is 64.", Refused(picture, 64));
        using var labeller = new FeatureLabeller(model);
        var keeping = new SegmentationInput
        {
            Rgb = picture.Rgb,
            Width = side,
            Height = side,
            OutputWidth = side,
            OutputHeight = side,
            Features = new FeatureWriter(labeller.Describe("a.png", options, EnginePrecision.Float32, 0, FeatureEncoding.Float16, (side, side), (side, side))),
        };
        Assert.Contains("cannot be kept; keep those of cliptrase.", Refused(keeping, 0), StringComparison.Ordinal);
        Assert.Throws<SegmentationException>(() => options.Validate(model, keepsFeatures: true));
        (options with { Method = "cliptrase" }).Validate(model, keepsFeatures: true);

        string Refused(SegmentationInput input, int crop) => Assert.Throws<SegmentationException>(
            () => segmenter.Segment([input], SuccessorGoldenTests.Labels("deep"), options with { Crop = crop, Stride = 32 }, TestContext.Current.CancellationToken)).Message;
    }
}
