using System.Text.Json.Nodes;
using Sclip.Labels;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

public unsafe class SlidingWindowGoldenTests
{
    /// <summary>Model, index of the case.</summary>
    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var model in Golden.AllModels)
                for (var i = 0; i < Golden.Model(model)["slide"]!.AsArray().Count; i++)
                    data.Add(model, i);
            return data;
        }
    }

    /// <summary>Model, index of the case, backend.</summary>
    public static TheoryData<string, int, string> CasesOfBackends
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (var (model, index) in Cases.Select(row => row.Data))
                foreach (var backend in Backends.Names)
                    data.Add(model, index, backend);
            return data;
        }
    }

    /// <summary>Model, backend.</summary>
    public static TheoryData<string, string> ModelsOfBackends => [.. Golden.Models.SelectMany(model => Backends.Names.Select(backend => (model, backend)))];

    [EngineTheory]
    [MemberData(nameof(CasesOfBackends))]
    public void Label_maps_and_scores_from_pixels_are_the_authors(string name, int index, string backend)
    {
        using var model = new GoldenModel(name);
        using var segmenter = Backends.Create(backend, model.Clip);
        var labels = model.Labels();
        var node = model.Node["slide"]![index]!;
        Assert.NotEmpty(node["outputs"]!.AsArray());
        foreach (var output in node["outputs"]!.AsArray())
        {
            var size = Golden.Ints(node["original_size"]);
            var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
            var result = segmenter.Segment([GoldenModel.Input(node["image"], node["original_size"], scores)], labels, Options(node, output!), TestContext.Current.CancellationToken)[0];
            Assert.True(scores.Complete);
            Close.AssertLabels(Golden.Bytes(output!["label_map"]).Values, result.LabelMap, pixel => scores.Margin(pixel, output["prob_threshold"]!.GetValue<float>()), $"{name} {index} {output.ToJsonString()}");
            Assert.Equal(result.LabelMap.Length, result.PixelCounts.Sum());
            if (output["class_scores"] is { } expected)
                Close.Assert(Golden.Floats(expected).Values, scores.Scores, 1e-3f, $"{name} {index} scores");
        }
    }

    /// <summary>Those with logits.</summary>
    public static TheoryData<string, int> CasesOfLogits => [.. Cases.Where(row => Golden.Model(row.Data.Item1)["slide"]![row.Data.Item2]!["logits"] is not null).Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(CasesOfLogits))]
    public void Averaged_logits_resized_to_the_original_are_the_authors(string name, int index)
    {
        using var model = new GoldenModel(name);
        var node = model.Node["slide"]![index]!;
        var method = new CorrelativeSelfAttention();
        var (labels, picture, size) = (model.Labels(), GoldenModel.Picture(node["image"]), Golden.Ints(node["original_size"]));
        var names = labels.ClassOfName.Length;
        using var packed = new PackedMatrix(labels.Dimension, names, GemmKernel.Best);
        packed.SetColumns(0, labels.Values);
        var crop = node["crop"]!.GetValue<int>();
        var patch = model.Clip.Config.PatchSize;
        using var map = crop == 0 ? new LogitMap(picture.Height / patch, picture.Width / patch, names, 0) : new LogitMap(picture.Height, picture.Width, names, 0);
        foreach (var window in SlidingWindow.Cover(picture.Height, picture.Width, crop, node["stride"]?.GetValue<int>() ?? 1))
        {
            var (gridHeight, gridWidth) = (window.Height / patch, window.Width / patch);
            var patches = gridHeight * gridWidth;
            var features = model.Clip.Vision.Forward(new PixelWindow[] { new(picture.Pixels, picture.Width, window.Y, window.X, window.Height, window.Width) }, method, CancellationToken.None) + labels.Dimension;
            for (var i = 0; i < patches; i++)
            {
                var feature = new Span<float>(features + i * labels.Dimension, labels.Dimension);
                System.Numerics.Tensors.TensorPrimitives.Divide(feature, System.Numerics.Tensors.TensorPrimitives.Norm<float>(feature), feature);
            }
            using var logits = new NativeBuffer(patches * map.Stride);
            logits.Clear();
            Gemm.Multiply(features, labels.Dimension, patches, packed, logits.Pointer, map.Stride, null, Epilogue.None, model.Clip.Threads);
            map.AddWindow(logits.Pointer, gridHeight, gridWidth, crop == 0 ? new Window(0, 0, gridHeight, gridWidth) : window, model.Clip.Threads);
        }
        using NativeBuffer row = new(map.RowLength), mixed = new(map.LongestGridRow);
        var planes = new float[names * map.Height * map.Width];
        for (var y = 0; y < map.Height; y++)
        {
            map.Average(y, row.Pointer, mixed.Pointer);
            for (var x = 0; x < map.Width; x++)
                for (var i = 0; i < names; i++)
                    planes[(i * map.Height + y) * map.Width + x] = row.Pointer[x * map.Stride + i];
        }
        var resized = new float[names * size[0] * size[1]];
        BilinearResize.Planes(planes, names, map.Height, map.Width, resized, size[0], size[1]);
        Close.Assert(Golden.Floats(node["logits"]).Values, resized, 1e-4f, $"{name} {index}");
    }

    [EngineTheory]
    [MemberData(nameof(ModelsOfBackends))]
    public void One_name_a_class_gives_the_authors_label_map(string name, string backend)
    {
        using var model = new GoldenModel(name);
        using var segmenter = Backends.Create(backend, model.Clip);
        var node = model.Node["single_names"]!;
        var labels = model.Clip.EmbedLabels(
            LabelSet.Load(string.Join(',', Golden.Strings(node["names"]))), PromptTemplates.ImageNet, null, cancellationToken: TestContext.Current.CancellationToken);
        var size = Golden.Ints(node["original_size"]);
        var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
        var result = segmenter.Segment([GoldenModel.Input(node["image"], node["original_size"], scores)], labels, Options(node, node), TestContext.Current.CancellationToken)[0];
        Close.AssertLabels(Golden.Bytes(node["label_map"]).Values, result.LabelMap, pixel => scores.Margin(pixel), name);
    }

    [EngineTheory]
    [MemberData(nameof(ModelsOfBackends))]
    public void The_whole_way_with_PAMR_gives_the_authors_label_map(string name, string backend)
    {
        using var model = new GoldenModel(name);
        using var segmenter = Backends.Create(backend, model.Clip);
        var (node, labels) = (model.Node["pamr_pipeline"]!, model.Labels());
        var size = Golden.Ints(node["original_size"]);
        var scores = new ScoreRecorder(labels.ClassCount, size[0], size[1]);
        var options = Options(node, node) with { PamrSteps = node["steps"]!.GetValue<int>(), PamrDilations = Golden.Ints(node["dilations"]) };
        var result = segmenter.Segment([GoldenModel.Input(node["image"], node["original_size"], scores)], labels, options, TestContext.Current.CancellationToken)[0];
        Assert.True(scores.Complete);
        Close.AssertLabels(Golden.Bytes(node["label_map"]).Values, result.LabelMap, pixel => scores.Margin(pixel), name);
        if (node["logits_after_pamr"] is { } logits)
            Close.Assert(ScoresOf(Golden.Floats(logits).Values, labels, size[0] * size[1], (float)options.LogitScale), scores.Scores, 1e-3f, $"{name} scores");
    }

    /// <summary>Plain softmax over names and maximum over a class's names, of golden logits [names, pixels].</summary>
    private static float[] ScoresOf(float[] logits, LabelEmbeddings labels, int pixels, float scale)
    {
        var names = labels.ClassOfName.Length;
        var scores = new float[labels.ClassCount * pixels];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var values = Enumerable.Range(0, names).Select(i => Math.Exp((double)logits[i * pixels + pixel] * scale)).ToArray();
            for (var i = 0; i < names; i++)
            {
                ref var score = ref scores[labels.ClassOfName[i] * pixels + pixel];
                score = MathF.Max(score, (float)(values[i] / values.Sum()));
            }
        }
        return scores;
    }

    internal static SegmentationOptions Options(JsonNode window, JsonNode output) => new()
    {
        Crop = window["crop"]!.GetValue<int>(),
        Stride = window["stride"]?.GetValue<int>() ?? 1,
        LogitScale = output["logit_scale"]!.GetValue<double>(),
        ProbabilityThreshold = output["prob_threshold"]?.GetValue<double>() ?? 0,
        AreaThreshold = output["area_threshold"]?.GetValue<double>(),
        Batch = 4,
    };
}
