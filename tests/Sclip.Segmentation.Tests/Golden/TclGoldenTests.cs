using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Systems.Tcl;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>TCL, against its authors' code.</summary>
public sealed class TclGoldenTests : IDisposable
{
    private static readonly TrainedGolden Vectors = new("tcl", "tcl.json");

    private readonly ClipModel _model = ClipModel.Load(Directory.GetDirectories(GoldenSet.Trained.PathOf("tcl/models")).Single(), threads: 2);
    private readonly ManagedAlgebra _algebra;
    private readonly TclVision _vision;
    private readonly float[] _embeddings = Vectors.Floats(Vectors.Index["text"]!["embeddings"]);

    public TclGoldenTests()
    {
        _algebra = new ManagedAlgebra(_model.Threads);
        _vision = new TclVision(new SystemLayers(_model.Tensors, new ManagedLayers()), _model.Config, (TclConfig)_model.Config.Trained!);
    }

    public static TheoryData<int> Pictures => [.. Enumerable.Range(0, Vectors.Index["vision"]!.AsArray().Count)];

    public static TheoryData<int> Slides => [.. Enumerable.Range(0, Vectors.Index["slide"]!.AsArray().Count)];

    private Matrix Names => _algebra.From(_embeddings, Vectors.Names.Length, _embeddings.Length / Vectors.Names.Length);

    [TrainedTheory("tcl")]
    [MemberData(nameof(Pictures))]
    public void Tokens_and_cosines_are_the_authors(int index)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var node = Vectors.Index["vision"]![index]!;
        var window = Vectors.Window(_model, node["image"], _algebra);
        var padding = new PatchPadding(window.Size.Height, window.Size.Width, _model.Config.PatchSize);
        var trunk = _vision.Trunk(window with { Planes = padding.Pad(window.Planes), Size = new(padding.Height, padding.Width) });
        Vectors.AssertClose(node["block_feature"], trunk.ToArray(), "trunk");
        Vectors.AssertClose(node["clip_last"], _vision.FrozenEnd(trunk, cancellation).RowsFrom(1).Transposed().ToArray(), "frozen end");
        var u = _vision.TrainedEnd(trunk, cancellation);
        Vectors.AssertClose(node["masker_backbone"], u.ToArray(), "trained end");
        u = u.RowsFrom(1);
        foreach (var (stage, expected) in (node["decoder_stage"]?.AsArray() ?? []).Index())
        {
            u = _vision.Decode(stage, u, padding.GridHeight << stage, padding.GridWidth << stage);
            Vectors.AssertClose(expected, u.Transposed().ToArray(), $"stage {stage}");
        }
        var cosines = _vision.MaskCosines(trunk, padding.GridHeight, padding.GridWidth, Names, cancellation);
        Vectors.AssertClose(node["simmap"], cosines.Transposed().ToArray(), "cosines");
        Vectors.AssertClose(node["soft_mask"], _vision.Masks(cosines).Transposed().ToArray(), "masks");
    }

    [TrainedTheory("tcl")]
    [MemberData(nameof(Pictures))]
    public void Masks_and_label_maps_are_the_authors(int index)
    {
        var node = Vectors.Index["vision"]![index]!;
        foreach (var output in node["outputs"]!.AsArray())
        {
            var system = new TclScores(_vision) { Refine = output!["pamr"]!.GetValue<bool>(), ClipShare = output["kp_w"]!.GetValue<float>() };
            var window = Vectors.Window(_model, node["image"], _algebra) with { Names = Names, BackgroundThreshold = output["bg_thresh"]?.GetValue<float>() };
            var (grid, scores, count) = (system.ScoreGrid(window.Size), system.Scores(window), window.Size.Height * window.Size.Width);
            var pixels = new float[count * scores.Columns];
            BilinearResize.Pixels(scores.ToArray(), grid.Height, grid.Width, scores.Columns, pixels, window.Size.Height, window.Size.Width);
            Vectors.AssertClose(output["masks"], _algebra.From(pixels, count, scores.Columns).Transposed().ToArray(), "masks");
            var found = Enumerable.Range(0, count).Select(pixel => Best(pixels.AsSpan(pixel * scores.Columns, scores.Columns))).ToArray();
            Close.AssertLabels(Vectors.Bytes(output["label_map"]), [.. found.Select(best => best.Label)], pixel => found[pixel].Margin, output.ToJsonString());
        }
    }

    [TrainedTheory("tcl", engines: true)]
    [MemberData(nameof(Slides))]
    public void Label_maps_through_the_sliding_window_are_the_authors(int index)
    {
        var node = Vectors.Index["slide"]![index]!;
        // The engine runs with its authors' settings, of which these are two.
        var system = new TclScores(_vision);
        Assert.Equal((system.Refine, system.ClipShare), (node["pamr"]!.GetValue<bool>(), node["kp_w"]!.GetValue<float>()));
        Vectors.AssertLabels(_model, Vectors.Labels(_embeddings, node["background"]!.GetValue<bool>()), node, node, node["crop"]!.GetValue<int>(), node["stride"]!.GetValue<int>());
    }

    [TrainedFact("tcl")]
    public void Texts_are_the_authors()
    {
        var templates = Golden.Strings(Vectors.Index["templates"]);
        Assert.Equal(templates, _model.Defaults.Templates!.Texts);
        var prompts = Vectors.Names.SelectMany(name => templates.Select(template => _model.Tokenizer.Tokenize(template.Replace("{}", name, StringComparison.Ordinal)).Ids)).ToArray();
        Vectors.AssertTokens(prompts);
        using var text = _model.LoadText();
        var features = new float[prompts.Length * text.Dimension];
        text.Encode(prompts, features, CancellationToken.None);
        Vectors.AssertClose(Vectors.Index["text"]!["features"], features, "texts");
        var labels = LabelSet.Of([.. Vectors.Names.Select(name => new LabelClass { Name = name })]);
        var found = _model.EmbedLabels(labels, PromptTemplates.Of(templates), null, cancellationToken: TestContext.Current.CancellationToken);
        Close.Assert(_embeddings, found.Values, TrainedGolden.Tolerance, "embeddings");
    }

    public void Dispose()
    {
        _vision.Dispose();
        _algebra.Dispose();
        _model.Dispose();
    }

    private static (ushort Label, float Margin) Best(ReadOnlySpan<float> scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        return ((ushort)scores.IndexOf(sorted[^1]), sorted[^1] - sorted[^2]);
    }
}
