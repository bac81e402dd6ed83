using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Attention;

/// <summary>ResCLIP on whole pictures, by a model that is deep enough for it.</summary>
public sealed class ResClipPictureTests : IDisposable
{
    private static readonly string Name = SuccessorGoldenTests.Manifest["models"]!.AsObject().First().Key;

    private readonly ClipModel _model = SuccessorGoldenTests.Load(Name);
    private readonly LabelEmbeddings _labels = SuccessorGoldenTests.Labels(Name);

    private SegmentationOptions Options => new() { Method = "resclip", Crop = _model.Config.NativeGrid * _model.Config.PatchSize, Stride = 3 * _model.Config.PatchSize };

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("resclip:rcs", true)]
    [InlineData("resclip", false)]
    [InlineData("resclip:sfr", false)]
    public void A_second_pass_hangs_on_the_names_so_that_there_are_no_features_for_others(string method, bool has) =>
        Assert.Equal(has, !DenseMethods.Create(method, _model.Config).ReadsNames);

    [Fact]
    public void A_model_without_the_middle_blocks_is_refused_with_what_fits_and_may_have_the_second_pass_alone()
    {
        var config = _model.Config with { Vision = _model.Config.Vision with { Layers = 9 } };
        var error = Assert.Throws<SegmentationException>(() => DenseMethods.Create("resclip", config));
        Assert.Contains("The method resclip blends the attention of blocks 6 to 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("at least 10 blocks, such as ViT-B (12) or ViT-L (24); this model's has 9", error.Message, StringComparison.Ordinal);
        DenseMethods.Create("resclip:sfr", config);
        DenseMethods.Create("resclip", config with { Vision = config.Vision with { Layers = 10 } });
    }

    [Fact]
    public void Labels_are_the_same_however_windows_are_spread_over_threads()
    {
        using var alone = ClipModel.Load(GoldenSet.Successors.PathOf($"models/{Name}"), threads: 1);
        Assert.Equal(Label(alone, Options with { Batch = 1 }), Label(_model, Options with { Batch = 3 }));
    }

    [Fact]
    public void Where_a_point_looks_hangs_on_the_names()
    {
        using var segmenter = new ManagedSegmenter(_model);
        // The first name in place of every other: the whole window is of one label.
        var same = new LabelEmbeddings
        {
            Values = [.. Enumerable.Repeat(_labels.Values[.._labels.Dimension], _labels.ClassOfName.Length).SelectMany(name => name)],
            Dimension = _labels.Dimension,
            ClassOfName = _labels.ClassOfName,
            ClassCount = _labels.ClassCount,
        };
        var (named, unnamed) = (Look(_labels, "resclip"), Look(same, "resclip"));
        Assert.Equal(1, named.Sum(), 1e-4f);
        Assert.NotEqual(named, unnamed);
        Assert.Equal(Look(_labels, "resclip:rcs"), Look(same, "resclip:rcs"));

        float[] Look(LabelEmbeddings labels, string method)
        {
            var attention = segmenter.Attention(Picture(), 70, 20, labels, [method], Options, TestContext.Current.CancellationToken)[0];
            return [attention.ClassToken, .. attention.Weights];
        }
    }

    private ushort[] Label(ClipModel model, SegmentationOptions options)
    {
        using var segmenter = new ManagedSegmenter(model);
        return segmenter.Segment([Picture()], _labels, options, TestContext.Current.CancellationToken)[0].LabelMap;
    }

    private static SegmentationInput Picture()
    {
        var picture = SuccessorGoldenTests.Picture(SuccessorGoldenTests.Manifest["models"]![Name]!["slide"]!["image"]);
        return new() { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };
    }
}
