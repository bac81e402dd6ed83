using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Systems.Eva;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>EVA02-CLIP and CLIPSelf's dense features, against their authors' code.</summary>
public sealed class EvaGoldenTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly TrainedGolden _golden = new("eva");
    private readonly SafeTensors _tensors;
    private readonly EvaVision _vision;
    private readonly EvaConfig _config;

    public EvaGoldenTests()
    {
        _tensors = SafeTensors.OpenDirectory(_golden.ModelDirectory);
        var json = GoldenSet.Trained.Read("eva/models/eva02/open_clip_config.json");
        var v = json["vision_cfg"]!;
        int N(string k) => v[k]!.GetValue<int>();
        _config = new EvaConfig(N("width"), N("layers"), N("width") / N("head_width"), (int)(N("width") * v["mlp_ratio"]!.GetValue<double>()), N("patch_size"), N("image_size"), N("pt_hw_seq_len"), json["embed_dim"]!.GetValue<int>());
        _vision = new EvaVision(new SystemLayers(_tensors, new ManagedLayers()), _config);
    }

    public static TheoryData<int> Pictures => TrainedGolden.Pictures("eva");

    [Fact]
    public void Rotary_positions_are_the_authors()
    {
        var positions = new RotaryPositions(_golden.Algebra, _config.NativeGrid, _config.NativeGrid, _config.Width / _config.Heads, _config.RotaryGrid);
        foreach (var (name, ours) in ((string, Matrix)[])[("cos_native", positions.Cosine), ("sin_native", positions.Sine)])
        {
            var (expected, _) = _golden.Floats(_golden.Index["rope"]![name]);
            // Theirs has each value twice, once for either entry of a pair, and none for the class token.
            Close.Assert(expected, [.. ours.RowsFrom(1).ToArray().SelectMany(value => (float[])[value, value])], Tolerance, name);
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Tokens_and_features_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        var picture = _golden.Picture(node["image"]);
        var planes = _golden.Planes(picture);
        var positions = _vision.Positions(_golden.Algebra, picture.Height, picture.Width);
        var x = _vision.Embed(_golden.Algebra, planes, picture.Height, picture.Width);
        Close.Assert(_golden.Floats(node["embeddings"]).Values, x.ToArray(), Tolerance, "embeddings");
        foreach (var (block, expected) in node["after_block"]!.AsArray().Index())
        {
            x = _vision.Block(block, x, positions);
            Close.Assert(_golden.Floats(expected).Values, x.ToArray(), Tolerance, $"block {block}");
        }
        var image = _vision.Project(_vision.Block(_config.Layers - 1, x, positions).RowRange(0, 1)).UnitRows();
        Close.Assert(_golden.Floats(node["image_feature"]).Values, image.ToArray(), Tolerance, "image feature");
        var dense = _vision.Features(_golden.Algebra, planes, picture.Height, picture.Width).UnitRows();
        Close.Assert(_golden.Floats(node["dense"]).Values, dense.ToArray(), Tolerance, "dense");
    }

    public void Dispose()
    {
        _vision.Dispose();
        _tensors.Dispose();
        _golden.Dispose();
    }
}
