using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>A folder of the golden vectors of trained systems: its index, and how its pictures and numbers are read; paths in the index are relative to it.</summary>
internal sealed class TrainedGolden(string folder, string index)
{
    public const float Tolerance = 1e-4f;

    public JsonNode Index { get; } = GoldenSet.Trained.Read($"{folder}/{index}");

    public string[] Names => Golden.Strings(Index["names"]);

    public float[] Floats(JsonNode? relative) => Npy.ReadSingle(PathOf(relative)).Values;

    public byte[] Bytes(JsonNode? relative) => Npy.ReadByte(PathOf(relative)).Values;

    public int[] Ints(JsonNode? relative) => [.. Npy.ReadWhole(File.ReadAllBytes(PathOf(relative)), PathOf(relative), int.MaxValue).Values.Select(value => (int)value)];

    public string PathOf(JsonNode? relative) => GoldenSet.Trained.PathOf($"{folder}/{relative!.GetValue<string>()}");

    public RgbImage Picture(JsonNode? relative) => ImageDecoder.Decode(File.ReadAllBytes(PathOf(relative)), ImageLimits.Default);

    /// <summary>A whole picture as a window.</summary>
    public SystemWindow Window(ClipModel model, JsonNode? image, MatrixAlgebra algebra)
    {
        var picture = Picture(image);
        return new(algebra, model.Normalisation.Planes(GoldenModel.Whole(picture)), new(picture.Height, picture.Width));
    }

    /// <summary>Compares with the vector that a node names, where it names one.</summary>
    public void AssertClose(JsonNode? relative, ReadOnlySpan<float> actual, string what)
    {
        if (relative is not null)
            Close.Assert(Floats(relative), actual, Tolerance, $"{what} {relative}");
    }

    /// <summary>Compares with the index's tokens of the prompts, behind whose end there are zeros.</summary>
    public void AssertTokens(int[][] prompts)
    {
        var expected = Ints(Index["text"]!["ids"]).Chunk(Ints(Index["text"]!["ids"]).Length / prompts.Length).ToArray();
        Assert.Equal(expected, prompts.Select(ids => (int[])[.. ids, .. new int[expected[0].Length - ids.Length]]));
    }

    /// <summary>Names with their golden embeddings, so that what follows does not hang on the text tower; a background in front where there is to be one.</summary>
    public LabelEmbeddings Labels(float[] embeddings, bool background)
    {
        var dimension = embeddings.Length / Names.Length;
        // Of the background no name is asked for, so that its embedding must not matter.
        float[] values = background ? [.. Enumerable.Repeat(1 / MathF.Sqrt(dimension), dimension), .. embeddings] : embeddings;
        var classes = values.Length / dimension;
        return new LabelEmbeddings { Values = values, Dimension = dimension, ClassOfName = [.. Enumerable.Range(0, classes)], ClassCount = classes, BackgroundClass = background ? 0 : null };
    }

    /// <summary>Labels a picture through every engine, and compares with the map of an output.</summary>
    /// <param name="model">The model.</param>
    /// <param name="labels">The names.</param>
    /// <param name="node">The picture: image, and original_size where it is not the picture's.</param>
    /// <param name="output">The output: bg_thresh and label_map.</param>
    /// <param name="crop">Side of the windows.</param>
    /// <param name="stride">Step between them.</param>
    /// <returns>The scores, <c>[classes, height, width]</c>.</returns>
    public float[] AssertLabels(ClipModel model, LabelEmbeddings labels, JsonNode node, JsonNode output, int crop, int stride)
    {
        var picture = Picture(node["image"]);
        var size = Golden.Ints(node["original_size"] ?? node["size"]);
        var options = new SegmentationOptions { Method = model.Config.OwnMethod!, Crop = crop, Stride = stride, ProbabilityThreshold = output["bg_thresh"]?.GetValue<double>() ?? 0 };
        var last = Array.Empty<float>();
        foreach (var backend in Backends.Names)
        {
            var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
            var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputHeight = size[0], OutputWidth = size[1], Scores = scores };
            using var segmenter = Backends.Create(backend, model);
            var result = segmenter.Segment([input], labels, options, TestContext.Current.CancellationToken)[0];
            Close.AssertLabels(Bytes(output["label_map"]), result.LabelMap, pixel => scores.Margin(pixel), $"{backend} {output.ToJsonString()}");
            last = scores.Scores;
        }
        return last;
    }
}
