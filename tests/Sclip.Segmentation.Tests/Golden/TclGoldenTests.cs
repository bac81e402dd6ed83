using System.Text.Json.Nodes;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Systems.Tcl;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>TCL, against its authors' code.</summary>
public sealed class TclGoldenTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly TrainedGolden _golden = new("tcl");
    private readonly SafeTensors _tensors;
    private readonly TclVision _vision;
    private readonly Matrix _names;

    public TclGoldenTests()
    {
        _tensors = SafeTensors.OpenDirectory(_golden.ModelDirectory);
        var c = GoldenSet.Trained.Read("tcl/models/tcl/config.json");
        int N(string k) => c[k]!.GetValue<int>();
        var config = new TclConfig(N("width"), N("layers"), N("heads"), N("ie_freeze"), c["decoder"]!["n_layers"]!.GetValue<int>(), N("patch_size"), N("image_size"), N("embed_dim"));
        _vision = new TclVision(new SystemLayers(_tensors, new ManagedLayers()), config);
        var (names, shape) = _golden.Floats(_golden.Index["text"]!["embeddings"]);
        _names = _golden.Algebra.From(names, shape[0], shape[1]);
    }

    public static TheoryData<int> Pictures => TrainedGolden.Pictures("tcl");

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Tokens_and_cosines_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        var (planes, height, width) = PaddedPicture(node);
        var (gridHeight, gridWidth) = (height / _vision.Config.PatchSize, width / _vision.Config.PatchSize);
        var trunk = _vision.Trunk(_golden.Algebra, planes, height, width);
        Check(node["block_feature"], trunk);
        Check(node["clip_last"], _vision.FrozenEnd(trunk).RowsFrom(1).Transposed());
        var u = _vision.TrainedEnd(trunk);
        Check(node["masker_backbone"], u);
        u = u.RowsFrom(1);
        foreach (var (stage, expected) in (node["decoder_stage"]?.AsArray() ?? []).Index())
        {
            u = _vision.Decode(stage, u, gridHeight << stage, gridWidth << stage);
            Check(expected, u.Transposed());
        }
        var cosines = _vision.MaskCosines(trunk, gridHeight, gridWidth, _names);
        Check(node["simmap"], cosines.Transposed());
        Check(node["soft_mask"], _vision.Masks(cosines).Transposed());
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Masks_and_label_maps_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        var picture = _golden.Picture(node["image"]);
        foreach (var output in node["outputs"]!.AsArray())
        {
            var system = new TclScores(_vision) { Refine = output!["pamr"]!.GetValue<bool>(), ClipShare = output["kp_w"]!.GetValue<float>() };
            var window = new SystemWindow(_golden.Algebra, _golden.Planes(picture), new(picture.Height, picture.Width))
            {
                Names = _names,
                BackgroundThreshold = output["bg_thresh"]?.GetValue<float>(),
            };
            var (grid, scores) = (system.ScoreGrid(window.Size), system.Scores(window));
            var pixels = new float[picture.Height * picture.Width * scores.Columns];
            BilinearResize.Pixels(scores.ToArray(), grid.Height, grid.Width, scores.Columns, pixels, picture.Height, picture.Width);
            if (output["masks"] is { } masks)
                Close.Assert(_golden.Floats(masks).Values, _golden.Algebra.From(pixels, picture.Height * picture.Width, scores.Columns).Transposed().ToArray(), Tolerance, masks.GetValue<string>());
            var found = Enumerable.Range(0, picture.Height * picture.Width).Select(pixel => Best(pixels.AsSpan(pixel * scores.Columns, scores.Columns))).ToArray();
            Close.AssertLabels(_golden.Bytes(output["label_map"]), [.. found.Select(best => best.Label)], pixel => found[pixel].Margin, output["label_map"]!.GetValue<string>());
        }
    }

    private static (ushort Label, float Margin) Best(ReadOnlySpan<float> scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        return ((ushort)scores.IndexOf(sorted[^1]), sorted[^1] - sorted[^2]);
    }

    private (float[] Planes, int Height, int Width) PaddedPicture(JsonNode node)
    {
        var picture = _golden.Picture(node["image"]);
        var padding = new PatchPadding(picture.Height, picture.Width, _vision.Config.PatchSize);
        return (padding.Pad(_golden.Planes(picture)), padding.Height, padding.Width);
    }

    private void Check(JsonNode? expected, Matrix actual) => Close.Assert(_golden.Floats(expected).Values, actual.ToArray(), Tolerance, expected!.GetValue<string>());

    public void Dispose()
    {
        _vision.Dispose();
        _tensors.Dispose();
        _golden.Dispose();
    }
}
