using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Segmentation.Windows;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

public class InspectionGoldenTests
{
    [Theory]
    [MemberData(nameof(VisionGoldenTests.Pictures), MemberType = typeof(VisionGoldenTests))]
    public void The_features_that_are_shown_of_a_whole_picture_are_the_golden_ones_of_unit_length(string name, int index)
    {
        using var model = new GoldenModel(name);
        using var segmenter = new ManagedSegmenter(model.Clip);
        var node = model.Node["vision"]![index]!;
        var picture = GoldenModel.Picture(node["image"]);
        foreach (var method in (string[])["clip", "maskclip", "sclip"])
        {
            var (expected, shape) = Golden.Floats(node["features"]![method]);
            var output = segmenter.Inspect(Input(picture), model.Labels(), new SegmentationOptions { Method = method, Crop = 0 }, TestContext.Current.CancellationToken);
            Assert.Equal(shape[0] - 1, output.GridHeight * output.GridWidth);
            Assert.Equal(shape[1], output.Dimension);
            // Row 0 is CLS, which is no patch.
            for (var row = 1; row < shape[0]; row++)
            {
                var unit = expected.AsSpan(row * shape[1], shape[1]);
                TensorPrimitives.Divide(unit, TensorPrimitives.Norm<float>(unit), unit);
            }
            Close.Assert(expected.AsSpan(shape[1]), output.Features, 1e-4f, $"{name} {index} {method}");
        }
    }

    [Theory]
    [MemberData(nameof(SlidingWindowGoldenTests.CasesOfLogits), MemberType = typeof(SlidingWindowGoldenTests))]
    public void The_cosines_that_are_shown_are_the_authors_logits(string name, int index)
    {
        using var model = new GoldenModel(name);
        using var segmenter = new ManagedSegmenter(model.Clip);
        var (node, labels) = (model.Node["slide"]![index]!, model.Labels());
        var (expected, shape) = Golden.Floats(node["logits"]);
        var output = segmenter.Inspect(GoldenModel.Input(node["image"], node["original_size"]), Single(labels), Windows(node), TestContext.Current.CancellationToken);
        Assert.Equal((shape[1], shape[2]), (output.Result.Height, output.Result.Width));
        Close.Assert(expected, output.Cosines, 1e-4f, $"{name} {index}");

        // With synonyms, the best name of a class is what is shown of it.
        var classes = segmenter.Inspect(GoldenModel.Input(node["image"], node["original_size"]), labels, Windows(node), TestContext.Current.CancellationToken).Cosines;
        var pixels = shape[1] * shape[2];
        for (var label = 0; label < labels.ClassCount; label++)
        {
            var names = Enumerable.Range(0, shape[0]).Where(i => labels.ClassOfName[i] == label);
            Assert.Equal(names.Max(i => expected[i * pixels + 7]), classes[label * pixels + 7], 1e-4f);
        }
    }

    [Theory]
    [MemberData(nameof(VisionGoldenTests.Pictures), MemberType = typeof(VisionGoldenTests))]
    public void The_attention_that_is_shown_of_a_patch_is_the_mean_of_the_golden_heads(string name, int index)
    {
        using var model = new GoldenModel(name);
        using var segmenter = new ManagedSegmenter(model.Clip);
        var node = model.Node["vision"]![index]!;
        if (node["attention_clip"] is null)
        {
            Assert.True(index > 0, "The first picture carries the attention.");
            return;
        }
        var (input, patch) = (Input(GoldenModel.Picture(node["image"])), model.Clip.Config.PatchSize);
        // The last pixel lies in a rest that fills no patch, where the picture has one.
        foreach (var (x, y) in ((int, int)[])[(0, 0), (patch + 1, patch - 1), (input.Width - 1, input.Height - 1)])
        {
            var byMethod = segmenter.Attention(input, x, y, model.Labels(), ["clip", "maskclip", "sclip"], new SegmentationOptions { Crop = 0 }, TestContext.Current.CancellationToken);
            var (gridHeight, gridWidth) = (input.Height / patch, input.Width / patch);
            Assert.All(byMethod, attention => Assert.Equal(Math.Min(y / patch, gridHeight - 1) * gridWidth + Math.Min(x / patch, gridWidth - 1), attention.Patch));
            foreach (var (attention, file) in ((PatchAttention, string)[])[(byMethod[0], "attention_clip"), (byMethod[2], "attention_sclip")])
                Close.Assert(MeanRow(Golden.Floats(node[file]), 1 + attention.Patch), [attention.ClassToken, .. attention.Weights], 1e-4f, $"{name} {index} {file}");
            Assert.Equal(1, byMethod[1].Weights[byMethod[1].Patch]);
            Assert.Equal(1, byMethod[1].Weights.Sum() + byMethod[1].ClassToken);
        }
    }

    [Fact]
    public void Attention_is_seen_in_the_window_that_has_the_point_nearest_its_centre()
    {
        using var model = new GoldenModel(Golden.Models.First());
        using var segmenter = new ManagedSegmenter(model.Clip);
        var rgb = new byte[160 * 96 * 3];
        new Random(3).NextBytes(rgb);
        var input = new SegmentationInput { Rgb = rgb, Width = 160, Height = 96, OutputWidth = 160, OutputHeight = 96 };
        var options = new SegmentationOptions { Crop = 64, Stride = 32 };
        PatchAttention At(int x, int y) => segmenter.Attention(input, x, y, model.Labels(), ["sclip"], options, TestContext.Current.CancellationToken)[0];
        Assert.Equal((0, 0), (At(0, 0).X, At(0, 0).Y));
        Assert.Equal((32, 0), (At(66, 30).X, At(66, 30).Y));
        Assert.Equal((96, 32), (At(159, 95).X, At(159, 95).Y));
        Assert.Equal(64, At(66, 30).Width);
        Assert.Throws<ArgumentOutOfRangeException>(() => At(160, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => At(0, -1));
    }

    [Fact]
    public void Features_are_the_mean_over_the_windows_on_a_patch_whatever_the_number_of_threads()
    {
        var (crop, stride) = (64, 32);
        var rgb = new byte[128 * 96 * 3];
        new Random(4).NextBytes(rgb);
        var outputs = new List<DenseOutputs>();
        foreach (var threads in (int[])[1, 3])
        {
            using var model = new GoldenModel(Golden.Models.First(), threads);
            using var segmenter = new ManagedSegmenter(model.Clip);
            var (patch, labels) = (model.Clip.Config.PatchSize, model.Labels());
            var output = segmenter.Inspect(Input(new RgbImage(128, 96, rgb)), labels, new SegmentationOptions { Crop = crop, Stride = stride }, TestContext.Current.CancellationToken);
            var (expected, windows) = (new float[output.Features.Length], new int[output.GridHeight * output.GridWidth]);
            foreach (var window in SlidingWindow.Cover(96, 128, crop, stride))
            {
                var part = Part(rgb, 128, window);
                var alone = segmenter.Inspect(Input(part), labels, new SegmentationOptions { Crop = 0 }, TestContext.Current.CancellationToken);
                for (var i = 0; i < alone.GridHeight * alone.GridWidth; i++)
                {
                    var cell = (window.Y / patch + i / alone.GridWidth) * output.GridWidth + window.X / patch + i % alone.GridWidth;
                    windows[cell]++;
                    for (var j = 0; j < output.Dimension; j++)
                        expected[cell * output.Dimension + j] += alone.Features[i * output.Dimension + j];
                }
            }
            Close.Assert([.. expected.Select((sum, i) => sum / windows[i / output.Dimension])], output.Features, 1e-5f, $"{threads} threads");
            outputs.Add(output);
        }
        Assert.Equal(outputs[0].Features, outputs[1].Features);
        Assert.Equal(outputs[0].Cosines, outputs[1].Cosines);
    }

    private static RgbImage Part(byte[] rgb, int width, Window window)
    {
        var pixels = new byte[window.Height * window.Width * 3];
        for (var y = 0; y < window.Height; y++)
            rgb.AsSpan(((window.Y + y) * width + window.X) * 3, window.Width * 3).CopyTo(pixels.AsSpan(y * window.Width * 3));
        return new RgbImage(window.Width, window.Height, pixels);
    }

    private static SegmentationInput Input(RgbImage picture) =>
        new() { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };

    /// <summary>Each name as a class of its own.</summary>
    private static LabelEmbeddings Single(LabelEmbeddings labels) => new()
    {
        Values = labels.Values,
        Dimension = labels.Dimension,
        ClassOfName = [.. Enumerable.Range(0, labels.ClassOfName.Length)],
        ClassCount = labels.ClassOfName.Length,
    };

    private static SegmentationOptions Windows(JsonNode node) =>
        new() { Crop = node["crop"]!.GetValue<int>(), Stride = node["stride"]?.GetValue<int>() ?? 1, Batch = 4 };

    /// <summary>One row of <c>[heads, tokens, tokens]</c>, the mean over the heads, brought to a sum of 1.</summary>
    private static float[] MeanRow((float[] Values, int[] Shape) attention, int row)
    {
        var (heads, tokens) = (attention.Shape[0], attention.Shape[1]);
        var sums = new double[tokens];
        for (var head = 0; head < heads; head++)
            for (var i = 0; i < tokens; i++)
                sums[i] += attention.Values[(head * tokens + row) * tokens + i];
        return [.. sums.Select(sum => (float)(sum / sums.Sum()))];
    }
}
