using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>What lies between ResCLIP's two passes, against its authors' code.</summary>
public sealed unsafe class ResClipGoldenTests
{
    private const string Suffix = "_sfr_patch_labels";

    private static JsonNode Manifest { get; } = GoldenSet.Successors.Read("manifest.json");

    /// <summary>Model, index of the picture, method; the manifest spells the method's colon as an underscore.</summary>
    public static TheoryData<string, int, string> Pictures
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (var (model, node) in Manifest["models"]!.AsObject())
                foreach (var (index, picture) in node!["vision"]!.AsArray().Index())
                    foreach (var (key, _) in picture!.AsObject().Where(entry => entry.Key.EndsWith(Suffix, StringComparison.Ordinal)))
                        data.Add(model, index, key[..^Suffix.Length]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void The_first_pass_gives_patches_the_names_that_the_authors_code_gives(string name, int index, string method)
    {
        using var model = ClipModel.Load(GoldenSet.Successors.PathOf($"models/{name}"), threads: 2);
        var node = Node(name, index);
        var picture = ImageDecoder.Decode(File.ReadAllBytes(GoldenSet.Successors.PathOf(node["image"]!.GetValue<string>())), ImageLimits.Default);
        var (embeddings, shape) = GoldenSet.Successors.Floats(Manifest["models"]![name]!["label_embeddings"]!["embeddings"]);
        PixelWindow[] windows = [GoldenModel.Whole(picture)];
        var resClip = (ResClip)DenseMethods.Create(method.Replace('_', ':'), model.Config);
        var batch = TokenBatch.Of(windows, PatchCut.Whole(model.Config.PatchSize));
        int[] labels = [];
        model.Vision.ForWindows(batch, model.Vision.Outputs(windows, batch, resClip.Outputs(model.Config.Vision.Layers), TestContext.Current.CancellationToken), (_, blocks, outputOf) =>
        {
            var window = new WindowTower(blocks, model.Config, new(picture.Height, picture.Width), outputOf, () => model.Normalisation.Planes(windows[0]))
            {
                GivenNames = blocks.Algebra.From(embeddings, shape[0], shape[1]),
            };
            labels = resClip.Labels(window);
        });
        Assert.Equal(Labels(node, method), labels);
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Patches_of_these_names_belong_together_as_in_the_authors_code(string name, int index, string method)
    {
        var node = Node(name, index);
        var (expected, shape) = GoldenSet.Successors.Floats(node[$"{method}_sfr_matrix"]);
        var grid = Golden.Ints(node["grid"]);
        Assert.Equal(grid[0] * grid[1] + 1, shape[^1]);
        Close.Assert(expected, new SemanticFeedback(decay: !method.EndsWith("del-off", StringComparison.Ordinal)).Affinity(Labels(node, method), grid[0], grid[1]), 1e-7f, $"{name} {index} {method}");
    }

    private static JsonNode Node(string name, int index) => Manifest["models"]![name]!["vision"]![index]!;

    private static int[] Labels(JsonNode node, string method) => [.. GoldenSet.Successors.Bytes(node[method + Suffix]).Values.Select(value => (int)value)];
}
