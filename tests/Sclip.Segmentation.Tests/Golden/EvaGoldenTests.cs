using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems.Eva;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>EVA02-CLIP and CLIPSelf's dense features, against their authors' code.</summary>
public sealed class EvaGoldenTests : IDisposable
{
    private static readonly TrainedGolden Vectors = new("eva", "eva.json");

    private readonly ClipModel _model = ClipModel.Load(Directory.GetDirectories(GoldenSet.Trained.PathOf("eva/models")).Single(), threads: 2);
    private readonly ManagedAlgebra _algebra;

    public EvaGoldenTests() => _algebra = new ManagedAlgebra(_model.Threads);

    public static TheoryData<int> Pictures => [.. Enumerable.Range(0, Vectors.Index["vision"]!.AsArray().Count)];

    private EvaVision Vision => (EvaVision)_model.Trained!;

    [TrainedFact("eva")]
    public void Rotary_positions_are_the_authors()
    {
        var (config, eva) = (_model.Config, (EvaConfig)_model.Config.Trained!);
        var positions = new RotaryPositions(_algebra, config.NativeGrid, config.NativeGrid, config.Vision.Width / config.Vision.Heads, eva.RotaryGrid);
        foreach (var (name, ours) in ((string, Matrix)[])[("cos_native", positions.Cosine), ("sin_native", positions.Sine)])
            // Theirs has each value twice, once for either entry of a pair, and none for the class token.
            Vectors.AssertClose(Vectors.Index["rope"]![name], ours.RowsFrom(1).ToArray().SelectMany(value => (float[])[value, value]).ToArray(), name);
    }

    [TrainedTheory("eva")]
    [MemberData(nameof(Pictures))]
    public void Tokens_and_features_are_the_authors(int index)
    {
        var node = Vectors.Index["vision"]![index]!;
        var window = Vectors.Window(_model, node["image"], _algebra);
        var (x, positions) = (Vision.Embed(window), Vision.Positions(window));
        Vectors.AssertClose(node["embeddings"], x.ToArray(), "embeddings");
        foreach (var (block, expected) in node["after_block"]!.AsArray().Index())
        {
            x = Vision.Block(block, x, positions);
            Vectors.AssertClose(expected, x.ToArray(), $"block {block}");
        }
        x = Vision.Block(_model.Config.Vision.Layers - 1, x, positions);
        Vectors.AssertClose(node["image_feature"], Vision.Project(x.RowRange(0, 1)).UnitRows().ToArray(), "picture");
        var dense = Vision.Features(window).UnitRows();
        Vectors.AssertClose(node["dense"], dense.ToArray(), "dense");
        float[] masks = [.. Vectors.Bytes(node["masks"]).Select(value => (float)value)];
        Vectors.AssertClose(node["mask_features"], (_algebra.From(masks, masks.Length / dense.Rows, dense.Rows).DivideBySums(0) * dense).ToArray(), "means under masks");
        var boxes = Vectors.Floats(node["boxes"]);
        var (rows, columns) = (node["grid"]![0]!.GetValue<int>(), node["grid"]![1]!.GetValue<int>());
        Vectors.AssertClose(node["roi_features"], (_algebra.From(RoiAlign.Weights(boxes, rows, columns), boxes.Length / 4, rows * columns) * dense).UnitRows().ToArray(), "boxes");
    }

    [TrainedFact("eva")]
    public void Texts_are_the_authors()
    {
        var template = Vectors.Index["template"]!.GetValue<string>();
        var prompts = Vectors.Names.Select(name => _model.Tokenizer.Tokenize(template.Replace("{}", name, StringComparison.Ordinal)).Ids).ToArray();
        Vectors.AssertTokens(prompts);
        using var text = _model.LoadText();
        var features = new float[prompts.Length * text.Dimension];
        text.Encode(prompts, features, CancellationToken.None);
        Vectors.AssertClose(Vectors.Index["text"]!["features"], features, "texts");
    }

    [TrainedTheory("eva", engines: true)]
    [MemberData(nameof(Pictures))]
    public void Label_maps_are_the_authors(int index)
    {
        var node = Vectors.Index["vision"]![index]!;
        var texts = Vectors.Floats(Vectors.Index["text"]!["features"]);
        var names = _algebra.From(texts, Vectors.Names.Length, texts.Length / Vectors.Names.Length).UnitRows();
        Vectors.AssertLabels(_model, Vectors.Labels(names.ToArray(), background: false), node, node, crop: 0, stride: 1);
    }

    [TrainedFact("eva")]
    public void A_name_is_the_mean_of_its_prompts_at_unit_length_as_CLIPs_is()
    {
        var labels = LabelSet.Of([new LabelClass { Name = Vectors.Names[0] }]);
        string[] templates = ["a photo of a {}.", "art of the {}."];
        using var text = _model.LoadText();
        var features = new float[2 * text.Dimension];
        text.Encode([.. templates.Select(template => _model.Tokenizer.Tokenize(template.Replace("{}", Vectors.Names[0], StringComparison.Ordinal)).Ids)], features, CancellationToken.None);
        var units = _algebra.From(features, 2, text.Dimension).UnitRows();
        var expected = (units.RowRange(0, 1) + units.RowRange(1, 1)).UnitRows();
        Close.Assert(expected.ToArray(), _model.EmbedLabels(labels, PromptTemplates.Of(templates), null, cancellationToken: TestContext.Current.CancellationToken).Values, TrainedGolden.Tolerance, "embedding");
    }

    public void Dispose()
    {
        _algebra.Dispose();
        _model.Dispose();
    }
}
