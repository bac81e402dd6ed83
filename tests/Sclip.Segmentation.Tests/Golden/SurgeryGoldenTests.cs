using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>CLIP Surgery against its authors' code, each step of a picture.</summary>
public sealed class SurgeryGoldenTests
{
    private const float Tolerance = 1e-4f;

    // The authors' prompts: the usual ones, and these.
    private static readonly string[] FurtherTemplates =
        ["there is a {} in the scene.", "there is the {} in the scene.", "this is a {} in the scene.", "this is the {} in the scene.", "this is one {} in the scene."];

    private static JsonNode Index { get; } = GoldenSet.Trained.Read("surgery/surgery.json");

    public static TheoryData<int> Pictures => [.. Enumerable.Range(0, Index["vision"]!.AsArray().Count)];

    [TrainedTheory("surgery")]
    [MemberData(nameof(Pictures))]
    public void Features_similarities_and_labels_are_the_authors(int index)
    {
        using var model = Load();
        var node = Index["vision"]![index]!;
        var picture = ImageDecoder.Decode(File.ReadAllBytes(GoldenSet.Trained.PathOf($"surgery/{node["image"]!.GetValue<string>()}")), ImageLimits.Default);
        PixelWindow[] windows = [GoldenModel.Whole(picture)];
        var method = (IWindowMethod)DenseMethods.Create("clip-surgery+feature-surgery", model.Config);
        var batch = TokenBatch.Of(windows, PatchCut.Whole(model.Config.PatchSize), method.Positions);
        var (names, width) = Floats(Index["label_embeddings"]);
        var count = names.Length / width;
        var outputs = model.Vision.Outputs(windows, batch, method.Outputs(model.Config.Vision.Layers), TestContext.Current.CancellationToken);
        model.Vision.ForWindows(batch, outputs, (_, blocks, outputOf) =>
        {
            var window = new WindowTower(blocks, model.Config, new(picture.Height, picture.Width), outputOf, () => throw new InvalidOperationException())
            {
                Positions = method.Positions,
                GivenNames = blocks.Algebra.From(names, count, width),
            };
            var found = method.Features(window);
            var patches = found.Patches.UnitRows();
            Check("features", blocks.Algebra.Stack(found.ClassToken!, found.Patches));
            Check("cosines", patches.TimesTransposed(window.Names).Transposed());
            var similarity = method.Logits(window, found).Transposed();
            Check("similarity", similarity);
            var (empty, _) = Floats(Index["empty_embedding"]);
            Check("similarity_minus_empty", patches.TimesTransposed(window.Names - blocks.Algebra.From(empty, 1, width)).Transposed());
            var maps = new float[count * picture.Height * picture.Width];
            BilinearResize.Planes(similarity.ToArray(), count, window.GridHeight, window.GridWidth, maps, picture.Height, picture.Width);
            Assert.Equal(ExpectedLabels(node, picture), Best(maps, count));
            if (node["maps"] is { } shown)
                Close.Assert(Floats(shown).Values, Shown(similarity.ToArray(), count, window, picture), Tolerance, $"{index} maps");
        });

        void Check(string part, Matrix actual) => Close.Assert(Floats(node[part]).Values, actual.ToArray(), Tolerance, $"{index} {part}");
    }

    [TrainedFact("surgery")]
    public void Embeddings_of_the_names_by_the_authors_prompts_are_theirs()
    {
        using var model = Load();
        var templates = PromptTemplates.Of([.. PromptTemplates.ImageNet.Texts, .. FurtherTemplates]);
        var embeddings = model.EmbedLabels(LabelSet.Of([.. Golden.Strings(Index["names"]).Select(name => new Contracts.LabelClass { Name = name })]), templates, null, cancellationToken: TestContext.Current.CancellationToken);
        Close.Assert(Floats(Index["label_embeddings"]).Values, embeddings.Values, Tolerance, "names");
    }

    private static ClipModel Load() => ClipModel.Load(GoldenSet.Trained.PathOf("surgery/models/surgery"), threads: 2);

    private static (float[] Values, int Columns) Floats(JsonNode? file)
    {
        var (values, shape) = Npy.ReadSingle(GoldenSet.Trained.PathOf($"surgery/{file!.GetValue<string>()}"));
        return (values, shape[^1]);
    }

    private static ushort[] ExpectedLabels(JsonNode node, RgbImage picture)
    {
        var (labels, _) = Npy.ReadByte(GoldenSet.Trained.PathOf($"surgery/{node["label_map"]!.GetValue<string>()}"));
        Assert.Equal(picture.Width * picture.Height, labels.Length);
        return [.. labels.Select(label => (ushort)label)];
    }

    /// <summary>Similarities as the authors show them: from the least of a name, 0, to its largest, 1, and interpolated.</summary>
    private static float[] Shown(float[] similarity, int names, WindowTower window, RgbImage picture)
    {
        foreach (var name in Enumerable.Range(0, names))
        {
            var values = similarity.AsSpan(name * similarity.Length / names, similarity.Length / names);
            var (least, largest) = (TensorPrimitives.Min<float>(values), TensorPrimitives.Max<float>(values));
            TensorPrimitives.Subtract(values, least, values);
            TensorPrimitives.Divide(values, largest - least, values);
        }
        var maps = new float[names * picture.Height * picture.Width];
        BilinearResize.Planes(similarity, names, window.GridHeight, window.GridWidth, maps, picture.Height, picture.Width);
        return maps;
    }

    /// <summary>The best name of each pixel.</summary>
    private static ushort[] Best(float[] maps, int names)
    {
        var pixels = maps.Length / names;
        return [.. Enumerable.Range(0, pixels).Select(pixel => (ushort)Enumerable.Range(0, names).MaxBy(name => maps[name * pixels + pixel]))];
    }
}
