using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>The deep model of the kept part, and its names and pictures: numbers that tools/golden-extra made are of these alone.</summary>
internal static class KeptModel
{
    private const string Successors = "successors";

    private static JsonNode Deep { get; } = GoldenSet.Kept.Read($"{Successors}/manifest.json")["models"]!["deep"]!;

    /// <summary>The model, with a guide where one is named.</summary>
    public static ClipModel Load(string? guide = null) => ClipModel.Load(Path("models/deep"), threads: 2, guide: guide);

    public static RgbImage Picture(JsonNode? relative) => ImageDecoder.Decode(File.ReadAllBytes(Path(relative!.GetValue<string>())), ImageLimits.Default);

    /// <summary>The embeddings of its names.</summary>
    public static LabelEmbeddings Labels()
    {
        var node = Deep["label_embeddings"]!;
        var (values, shape) = GoldenSet.Kept.Floats($"{Successors}/{node["embeddings"]!.GetValue<string>()}");
        var classes = Golden.Ints(node["class_of_name"]);
        return new LabelEmbeddings { Values = values, Dimension = shape[1], ClassOfName = classes, ClassCount = classes.Max() + 1, BackgroundClass = 0 };
    }

    private static string Path(string relative) => GoldenSet.Kept.PathOf($"{Successors}/{relative}");
}
