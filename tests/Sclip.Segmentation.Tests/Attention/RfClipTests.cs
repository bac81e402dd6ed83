using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing.Accuracy;

namespace Sclip.Segmentation.Tests.Attention;

/// <summary>RF-CLIP on whole pictures, and the parts of it that golden vectors do not reach.</summary>
public sealed class RfClipTests : IDisposable
{
    private const string Method = "rf-clip";
    private readonly ClipModel _model = KeptModel.Load();
    private readonly LabelEmbeddings _labels = KeptModel.Labels();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_model_of_a_width_whose_channels_are_not_known_is_refused_with_those_that_fit()
    {
        var error = Assert.Throws<SegmentationException>(() => DenseMethods.Validate(Method, _model));
        Assert.Contains("rf-clip calms channels that are known for the widths 768 and 1024 alone; this model's vision transformer has 128.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Method, DenseMethods.Fitting(_model.Config));
        Assert.Contains(Method, DenseMethods.Fitting(_model.Config with { Vision = _model.Config.Vision with { Width = 1024 } }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_window_is_told_what_the_whole_picture_is_in_whatever_batches_windows_come(int batch)
    {
        var side = _model.Config.NativeGrid * _model.Config.PatchSize;
        var (left, right) = (Noise(side, seed: 1), Noise(side, seed: 2));
        var (one, other) = (Scores(Beside(left, left, side), side, batch), Scores(Beside(left, right, side), side, batch));
        // Windows side by side do not overlap: the picture alone tells the left one what is on the right.
        Assert.Contains(Enumerable.Range(0, side * side), i => MathF.Abs(one.Margin(i / side * 2 * side + i % side) - other.Margin(i / side * 2 * side + i % side)) > 1e-4f);
        Assert.Equal(other.Scores, Scores(Beside(left, right, side), side, batch: 3).Scores);
    }

    [Fact]
    public void Its_features_are_not_kept_and_its_attention_is_among_patches()
    {
        using var segmenter = Segmenter();
        using var labeller = new FeatureLabeller(_model);
        var side = _model.Config.NativeGrid * _model.Config.PatchSize;
        var picture = new SegmentationInput { Rgb = Noise(side, seed: 3), Width = side, Height = side, OutputWidth = side, OutputHeight = side };
        Assert.Throws<SegmentationException>(() => FewerBits.Keep(segmenter, labeller, picture, _labels, Options(side), FeatureEncoding.Float16));
        var attention = segmenter.Attention(picture, 20, 30, _labels, [Method], Options(side), TestContext.Current.CancellationToken)[0];
        Assert.Equal(0, attention.ClassToken);
        Assert.Equal(1, attention.Weights.ToArray().Sum(), 1e-4);
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(0.5f)]
    [InlineData(0.8f)]
    [InlineData(2)]
    public void Clusters_are_those_of_nearest_pairs_merged_one_by_one(float most)
    {
        const int Names = 40;
        var random = new Random(5);
        (float X, float Y)[] points = [.. Enumerable.Range(0, Names).Select(_ => (random.NextSingle(), random.NextSingle()))];
        float[] distances = [.. from a in points from b in points select MathF.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y))];
        List<int[]> expected = [.. Enumerable.Range(0, Names).Select(name => new[] { name })];
        while (expected.Count > 1)
        {
            var (a, b) = (from one in expected from other in expected where one[0] < other[0] select (one, other)).MinBy(pair => Farthest(pair.one, pair.other));
            if (Farthest(a, b) > most)
                break;
            expected.RemoveAll(cluster => cluster == a || cluster == b);
            expected.Add([.. a.Concat(b).Order()]);
        }
        Assert.Equal(expected.OrderBy(cluster => cluster[0]), NameClusters.Of([.. distances], Names, most));

        float Farthest(int[] a, int[] b) => a.Max(i => b.Max(j => distances[i * Names + j]));
    }

    [Fact]
    public void Names_that_are_all_the_same_are_one_cluster() => Assert.Equal([[0, 1, 2, 3]], NameClusters.Of(new float[16], 4, 0));

    [Fact]
    public void A_patch_in_which_a_channel_stands_out_goes_towards_those_around_it()
    {
        using var threads = new Threads(1);
        using var algebra = new ManagedAlgebra(threads);
        // Two rows of two, of four channels; the last patch has a channel at 3.2 times the mean above the least, the first one that nobody asks for.
        var patches = algebra.From([9, 1, 1, 1, 1, 2, 1, 2, 2, 2, 1, 1, 1, 1, 9, 3], 4, 4);
        Assert.Equal([3], SinkPatches.Find(patches, [2, 3], 3.1f));
        Assert.Equal([1, 3], SinkPatches.Find(patches, [2, 3], 1.9f));
        var calm = SinkPatches.Calm(patches, [3], 2, 2, 0.4f).ToArray();
        Assert.Equal(patches.ToArray()[..12], calm[..12]);
        Assert.Equal(0.6f * 9 + 0.4f * (1 + 1 + 1 + 9) / 9, calm[14], 1e-6f);
    }

    private ManagedSegmenter Segmenter()
    {
        var segmenter = new ManagedSegmenter(_model);
        segmenter.Use(Method, new RfClip([3, 50, 90, 101], 1.6f));
        return segmenter;
    }

    private ScoreRecorder Scores(byte[] rgb, int side, int batch)
    {
        using var segmenter = Segmenter();
        var scores = new ScoreRecorder(_labels.ClassCount, side, 2 * side);
        var input = new SegmentationInput { Rgb = rgb, Width = 2 * side, Height = side, OutputWidth = 2 * side, OutputHeight = side, Scores = scores };
        segmenter.Segment([input], _labels, Options(side) with { Batch = batch }, TestContext.Current.CancellationToken);
        return scores;
    }

    private static SegmentationOptions Options(int side) => new() { Method = Method, Crop = side, Stride = side };

    private static byte[] Noise(int side, int seed)
    {
        var rgb = new byte[side * side * 3];
        new Random(seed).NextBytes(rgb);
        return rgb;
    }

    private static byte[] Beside(byte[] left, byte[] right, int side) =>
        [.. Enumerable.Range(0, side).SelectMany(y => left.Skip(y * side * 3).Take(side * 3).Concat(right.Skip(y * side * 3).Take(side * 3)))];
}
