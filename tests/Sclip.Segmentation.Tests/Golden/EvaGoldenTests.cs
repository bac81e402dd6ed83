using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems.Eva;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>EVA02-CLIP and CLIPSelf's dense features, against their authors' code.</summary>
public sealed class EvaGoldenTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly TrainedGolden _golden = new("eva");

    public static TheoryData<int> Pictures => TrainedGolden.Pictures("eva");

    private ClipConfig Config => _golden.Model.Config;

    private EvaVision Vision => (EvaVision)_golden.Model.Trained!;

    [Fact]
    public void Rotary_positions_are_the_authors()
    {
        var eva = (EvaConfig)Config.Trained!;
        var positions = new RotaryPositions(_golden.Algebra, Config.NativeGrid, Config.NativeGrid, Config.Vision.Width / Config.Vision.Heads, eva.RotaryGrid);
        foreach (var (name, ours) in ((string, Matrix)[])[("cos_native", positions.Cosine), ("sin_native", positions.Sine)])
            // Theirs has each value twice, once for either entry of a pair, and none for the class token.
            Close.Assert(_golden.Floats(_golden.Index["rope"]![name]).Values, [.. ours.RowsFrom(1).ToArray().SelectMany(value => (float[])[value, value])], Tolerance, name);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Tokens_and_features_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        var window = _golden.Window(node["image"]);
        var (x, positions) = (Vision.Embed(window), Vision.Positions(window));
        _golden.Check(node["embeddings"], x);
        foreach (var (block, expected) in node["after_block"]!.AsArray().Index())
        {
            x = Vision.Block(block, x, positions);
            _golden.Check(expected, x);
        }
        _golden.Check(node["image_feature"], Vision.Project(Vision.Block(Config.Vision.Layers - 1, x, positions).RowRange(0, 1)).UnitRows());
        _golden.Check(node["dense"], Vision.Features(window).UnitRows());
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Means_of_dense_features_under_masks_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        var features = Vision.Features(_golden.Window(node["image"])).UnitRows();
        var masks = _golden.Algebra.From([.. _golden.Bytes(node["masks"]).Select(value => (float)value)], _golden.Floats(node["mask_features"]).Shape[0], features.Rows);
        _golden.Check(node["mask_features"], masks.DivideBySums(0) * features);
    }

    [Fact]
    public void Texts_are_the_authors()
    {
        var (names, template, tokenizer) = (Golden.Strings(_golden.Index["names"]), _golden.Index["template"]!.GetValue<string>(), _golden.Model.Tokenizer);
        var prompts = names.Select(name => tokenizer.Tokenize(template.Replace("{}", name, StringComparison.Ordinal)).Ids).ToArray();
        var expected = _golden.Ints(_golden.Index["text"]!["ids"]);
        Assert.Equal(expected.Chunk(expected.Length / names.Length), prompts.Select(ids => (int[])[.. ids, .. new int[(expected.Length / names.Length) - ids.Length]]));
        using var text = _golden.Model.LoadText();
        var features = new float[names.Length * text.Dimension];
        text.Encode(prompts, features, CancellationToken.None);
        _golden.Check(_golden.Index["text"]!["features"], _golden.Algebra.From(features, names.Length, text.Dimension).UnitRows());
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Label_maps_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        var picture = _golden.Picture(node["image"]);
        var labels = _golden.Model.EmbedLabels(_golden.Labels(), PromptTemplates.Of([_golden.Index["template"]!.GetValue<string>()]), null, cancellationToken: TestContext.Current.CancellationToken);
        using var segmenter = new ManagedSegmenter(_golden.Model);
        var scores = new ScoreRecorder(labels.ClassCount, picture.Height, picture.Width);
        var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = picture.Height, OutputWidth = picture.Width, Scores = scores };
        var result = segmenter.Segment([input], labels, new() { Method = "eva-clipself", Crop = 0 }, TestContext.Current.CancellationToken)[0];
        Close.AssertLabels(_golden.Bytes(node["label_map"]), result.LabelMap, pixel => scores.Margin(pixel), node["label_map"]!.GetValue<string>());
    }

    public void Dispose() => _golden.Dispose();
}
