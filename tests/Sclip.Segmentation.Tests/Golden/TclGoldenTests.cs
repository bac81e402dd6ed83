using System.Text.Json.Nodes;
using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Systems.Tcl;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>TCL, against its authors' code.</summary>
public sealed class TclGoldenTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly TrainedGolden _golden = new("tcl");
    private readonly TclVision _vision;
    private readonly Matrix _names;

    public TclGoldenTests()
    {
        _vision = new TclVision(new SystemLayers(_golden.Model.Tensors, new ManagedLayers()), _golden.Model.Config, (TclConfig)_golden.Model.Config.Trained!);
        var (names, shape) = _golden.Floats(_golden.Index["text"]!["embeddings"]);
        _names = _golden.Algebra.From(names, shape[0], shape[1]);
    }

    public static TheoryData<int> Pictures => TrainedGolden.Pictures("tcl");

    public static TheoryData<int> Slides
    {
        get
        {
            using var golden = new TrainedGolden("tcl");
            return [.. Enumerable.Range(0, golden.Index["slide"]!.AsArray().Count)];
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Tokens_and_cosines_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        var window = _golden.Window(node["image"]);
        var padding = new PatchPadding(window.Size.Height, window.Size.Width, _golden.Model.Config.PatchSize);
        var trunk = _vision.Trunk(window with { Planes = padding.Pad(window.Planes), Size = new(padding.Height, padding.Width) });
        _golden.Check(node["block_feature"], trunk);
        _golden.Check(node["clip_last"], _vision.FrozenEnd(trunk).RowsFrom(1).Transposed());
        var u = _vision.TrainedEnd(trunk);
        _golden.Check(node["masker_backbone"], u);
        u = u.RowsFrom(1);
        foreach (var (stage, expected) in (node["decoder_stage"]?.AsArray() ?? []).Index())
        {
            u = _vision.Decode(stage, u, padding.GridHeight << stage, padding.GridWidth << stage);
            _golden.Check(expected, u.Transposed());
        }
        var cosines = _vision.MaskCosines(trunk, padding.GridHeight, padding.GridWidth, _names);
        _golden.Check(node["simmap"], cosines.Transposed());
        _golden.Check(node["soft_mask"], _vision.Masks(cosines).Transposed());
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Masks_and_label_maps_are_the_authors(int index)
    {
        var node = _golden.Index["vision"]![index]!;
        foreach (var output in node["outputs"]!.AsArray())
        {
            var system = new TclScores(_vision) { Refine = output!["pamr"]!.GetValue<bool>(), ClipShare = output["kp_w"]!.GetValue<float>() };
            var window = _golden.Window(node["image"]) with { Names = _names, BackgroundThreshold = output["bg_thresh"]?.GetValue<float>() };
            var (grid, scores, count) = (system.ScoreGrid(window.Size), system.Scores(window), window.Size.Height * window.Size.Width);
            var pixels = new float[count * scores.Columns];
            BilinearResize.Pixels(scores.ToArray(), grid.Height, grid.Width, scores.Columns, pixels, window.Size.Height, window.Size.Width);
            if (output["masks"] is { } masks)
                _golden.Check(masks, _golden.Algebra.From(pixels, count, scores.Columns).Transposed());
            var found = Enumerable.Range(0, count).Select(pixel => Best(pixels.AsSpan(pixel * scores.Columns, scores.Columns))).ToArray();
            Close.AssertLabels(_golden.Bytes(output["label_map"]), [.. found.Select(best => best.Label)], pixel => found[pixel].Margin, output["label_map"]!.GetValue<string>());
        }
    }

    [Theory]
    [MemberData(nameof(Slides))]
    public void Label_maps_through_the_sliding_window_are_the_authors(int index)
    {
        var node = _golden.Index["slide"]![index]!;
        // The model runs with its authors' settings, of which this is one.
        Assert.True(node["pamr"]!.GetValue<bool>());
        Assert.Equal(new TclScores(_vision).ClipShare, node["kp_w"]!.GetValue<float>());
        var (picture, size) = (_golden.Picture(node["image"]), Golden.Ints(node["original_size"]));
        var labels = _golden.Model.EmbedLabels(_golden.Labels(node["background"]!.GetValue<bool>()), _golden.Model.Defaults.Templates!, null, cancellationToken: TestContext.Current.CancellationToken);
        using var segmenter = new ManagedSegmenter(_golden.Model);
        var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
        var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = size[0], OutputWidth = size[1], Scores = scores };
        var options = new SegmentationOptions { Method = "tcl", Crop = node["crop"]!.GetValue<int>(), Stride = node["stride"]!.GetValue<int>(), ProbabilityThreshold = node["bg_thresh"]?.GetValue<double>() ?? 0 };
        var result = segmenter.Segment([input], labels, options, TestContext.Current.CancellationToken)[0];
        Close.AssertLabels(_golden.Bytes(node["label_map"]), result.LabelMap, pixel => scores.Margin(pixel), node["label_map"]!.GetValue<string>());
    }

    [Fact]
    public void Texts_are_the_authors()
    {
        var (names, templates, tokenizer) = (Golden.Strings(_golden.Index["names"]), Golden.Strings(_golden.Index["templates"]), _golden.Model.Tokenizer);
        Assert.Equal(templates, _golden.Model.Defaults.Templates!.Texts);
        var prompts = names.SelectMany(name => templates.Select(template => tokenizer.Tokenize(template.Replace("{}", name, StringComparison.Ordinal)).Ids)).ToArray();
        var node = _golden.Index["text"]!;
        var expected = _golden.Ints(node["ids"]);
        Assert.Equal(expected.Chunk(expected.Length / prompts.Length), prompts.Select(ids => (int[])[.. ids, .. new int[(expected.Length / prompts.Length) - ids.Length]]));
        using var text = _golden.Model.LoadText();
        var features = new float[prompts.Length * text.Dimension];
        text.Encode(prompts, features, CancellationToken.None);
        Close.Assert(_golden.Floats(node["features"]).Values, features, Tolerance, "features");
        var labels = _golden.Model.EmbedLabels(_golden.Labels(), PromptTemplates.Of(templates), null, cancellationToken: TestContext.Current.CancellationToken);
        Close.Assert(_golden.Floats(node["embeddings"]).Values, labels.Values, Tolerance, "embeddings");
    }

    public void Dispose()
    {
        _vision.Dispose();
        _golden.Dispose();
    }

    private static (ushort Label, float Margin) Best(ReadOnlySpan<float> scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        return ((ushort)scores.IndexOf(sorted[^1]), sorted[^1] - sorted[^2]);
    }
}
