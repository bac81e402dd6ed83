using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>A golden model, loaded, and how its pictures and numbers are read.</summary>
internal sealed class GoldenModel : IDisposable
{
    public GoldenModel(string name, int threads = 2)
    {
        Node = Golden.Model(name);
        Clip = ClipModel.Load(Golden.ModelDirectory(name), threads);
    }

    public JsonNode Node { get; }

    public ClipModel Clip { get; }

    /// <summary>The golden label embeddings, so that what follows does not hang on the text tower.</summary>
    public LabelEmbeddings Labels()
    {
        var node = Node["label_embeddings"]!;
        var (values, shape) = Golden.Floats(node["embeddings"]);
        var classes = Golden.Ints(node["class_of_name"]);
        return new LabelEmbeddings { Values = values, Dimension = shape[1], ClassOfName = classes, ClassCount = classes.Max() + 1, BackgroundClass = 0 };
    }

    public static RgbImage Picture(JsonNode? relative) => ImageDecoder.Decode(File.ReadAllBytes(Golden.PathOf(relative!.GetValue<string>())), ImageLimits.Default);

    public static PixelWindow Whole(RgbImage picture) => new(picture.Pixels, picture.Width, 0, 0, picture.Height, picture.Width);

    public static SegmentationInput Input(JsonNode? image, JsonNode? originalSize, IScoreSink? scores = null)
    {
        var picture = Picture(image);
        var size = Golden.Ints(originalSize);
        return new SegmentationInput
        {
            Rgb = picture.Pixels,
            Width = picture.Width,
            Height = picture.Height,
            OutputHeight = size[0],
            OutputWidth = size[1],
            Scores = scores,
        };
    }

    public void Dispose() => Clip.Dispose();
}
