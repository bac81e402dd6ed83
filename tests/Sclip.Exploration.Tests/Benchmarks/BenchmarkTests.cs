using System.Text.Json.Nodes;
using Sclip.Evaluation;
using Sclip.Evaluation.Datasets;
using Sclip.Evaluation.Presets;
using Sclip.Exploration.Benchmarks;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Testing;

namespace Sclip.Exploration.Tests.Benchmarks;

public sealed class BenchmarkTests : IDisposable
{
    private static readonly (int Width, int Height)[] Sizes = [(90, 61), (50, 70), (64, 64), (80, 56), (58, 66), (61, 93)];

    private readonly TemporaryFolder _folder = new();
    private readonly TinyEngine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    /// <summary>Preset, where picture N and its ground truth lie, the list; id of class 0, and of pixels that do not count (else class 0's).</summary>
    [Theory]
    [InlineData("voc21", "JPEGImages/N.jpg", "SegmentationClass/N.png", "ImageSets/Segmentation/val.txt", 0, 255)]
    [InlineData("context60", "JPEGImages/N.jpg", "SegmentationClassContext/N.png", "ImageSets/SegmentationContext/val.txt", 0, 255)]
    [InlineData("coco-object", "images/val2017/N.jpg", "annotations/val2017/N_instanceTrainIds.png", null, 0, 255)]
    [InlineData("voc20", "JPEGImages/N.jpg", "SegmentationClass/N.png", "ImageSets/Segmentation/val.txt", 1, 0)]
    [InlineData("cityscapes", "leftImg8bit/val/bonn/N_leftImg8bit.png", "gtFine/val/bonn/N_gtFine_labelTrainIds.png", null, 0, 255)]
    [InlineData("context59", "JPEGImages/N.jpg", "SegmentationClassContext/N.png", "ImageSets/SegmentationContext/val.txt", 1, 0)]
    [InlineData("ade20k", "images/validation/N.jpg", "annotations/validation/N.png", null, 1, 0)]
    [InlineData("coco-stuff", "images/val2017/N.jpg", "annotations/val2017/N_labelTrainIds.png", null, 0, 255)]
    public void Every_benchmark_counts_what_the_engine_labels_against_its_ground_truth(string name, string picture, string truth, string? list, int first, int ignored)
    {
        var preset = BenchmarkPresets.Find(name);
        var classes = preset.Labels.Classes.Count;
        var expectedTruth = new List<int[]>();
        for (var i = 0; i < 2; i++)
        {
            var random = new Random(i);
            var (width, height) = Sizes[i];
            // -1: pixels that do not count.
            var drawn = Enumerable.Range(0, width * height).Select(_ => random.Next(-1, classes)).ToArray();
            expectedTruth.Add(drawn);
            _folder.Picture(picture.Replace("N", $"p{i}", StringComparison.Ordinal), width, height, seed: i);
            _folder.Truth(truth.Replace("N", $"p{i}", StringComparison.Ordinal), [.. drawn.Select(label => (ushort)(label < 0 ? ignored : label + first))], width, height);
        }
        if (list is not null)
            _folder.Write(list, "p0\np1\n");
        var settings = preset.Settings;
        var configurations = TinyEngine.Configurations(settings.LogitScale!.Value, settings.ProbabilityThreshold, settings.AreaThreshold);
        var embeddings = _engine.Embed(preset.Labels);
        var data = DataSet.Open(preset.Layout, _folder.Path);
        var state = New(configurations, classes);
        new Benchmark(_engine.Segmenter, embeddings, configurations, TinyEngine.ShortSide).Run(data, data.Count, state, default, default);

        Assert.Equal((2, 2, 0), (state.Position, state.Done, state.Failed));
        var somewhere = 0L;
        foreach (var (configuration, matrix) in state.Matrices)
        {
            var expected = new long[classes, classes];
            for (var i = 0; i < 2; i++)
            {
                var labels = Label(data[i].Path, embeddings, configurations.Single(item => item.Name == configuration).Options);
                for (var pixel = 0; pixel < labels.Length; pixel++)
                    if (expectedTruth[i][pixel] >= 0)
                        expected[expectedTruth[i][pixel], labels[pixel]]++;
            }
            for (var i = 0; i < classes * classes; i++)
                Assert.Equal(expected[i / classes, i % classes], matrix[i / classes, i % classes]);
            somewhere += expected.Cast<long>().Sum();
        }
        Assert.True(somewhere > 3 * 8000, "Most pixels count.");
    }

    [Fact]
    public void An_interrupted_benchmark_goes_on_to_the_same_figures()
    {
        var data = Own(Sizes.Length);
        var (labels, configurations) = (LabelSet.Load("cat, dog, a house"), TinyEngine.Configurations());
        var embeddings = _engine.Embed(labels);
        var whole = New(configurations, 3);
        new Benchmark(_engine.Segmenter, embeddings, configurations, TinyEngine.ShortSide).Run(data, data.Count, whole, default, default);

        var file = new BenchmarkFile(_folder["out/benchmark.json"]);
        var settings = new JsonObject { ["short_side"] = TinyEngine.ShortSide, ["area"] = null };
        Assert.Null(file.Load());
        using var stop = new CancellationTokenSource();
        var first = New(configurations, 3);
        new Benchmark(_engine.Segmenter, embeddings, configurations, TinyEngine.ShortSide) { OnProgress = _ => stop.Cancel() }.Run(data, data.Count, first, stop.Token, default);
        Assert.InRange(first.Position, 1, data.Count - 1);
        file.Save(settings, first);
        // What a crash left of a later save is nothing.
        _folder.Write("out/benchmark.json.part", "{ \"position\": 99");
        var (known, state) = file.Load()!.Value;
        Assert.True(JsonNode.DeepEquals(settings, known));
        Assert.Equal((first.Position, first.Seconds), (state.Position, state.Seconds));
        new Benchmark(_engine.Segmenter, embeddings, configurations, TinyEngine.ShortSide).Run(data, data.Count, state, default, default);

        Assert.Equal(whole.Position, state.Position);
        Assert.Equal(configurations.Select(item => item.Name), state.Matrices.Select(item => item.Configuration));
        Assert.Equal(whole.Matrices.Select(item => Counts(item.Matrix, 3)), state.Matrices.Select(item => Counts(item.Matrix, 3)));
        Assert.Equal(whole.Matrices.Select(item => item.Matrix.MeanIou), state.Matrices.Select(item => item.Matrix.MeanIou));
    }

    [Fact]
    public void Pictures_that_do_not_fit_their_ground_truth_are_named_and_the_rest_is_measured()
    {
        Own(5);
        _folder.Truth("truth/p0.png", [0, 1], 2, 1);
        File.Delete(_folder["truth/p1.png"]);
        _folder.Truth("truth/p2.png", [.. Enumerable.Repeat((ushort)3, 64 * 64)], 64, 64);
        _folder.Write("in/p3.jpg", "no picture");
        _folder.Picture("in/dot.png", 2000, 1);
        _folder.Truth("truth/dot.png", new ushort[2000], 2000, 1);
        var data = DataSet.OfFolders(_folder["in"], _folder["truth"], LabelTable.Indices(3));
        var configurations = TinyEngine.Configurations();
        var told = new List<BenchmarkFailure>();
        var state = New(configurations, 3);
        new Benchmark(_engine.Segmenter, _engine.Embed(LabelSet.Load("cat, dog, a house")), configurations, TinyEngine.ShortSide) { OnFailure = told.Add }.Run(data, data.Count, state, default, default);

        Assert.Equal(told, state.Failures);
        Assert.Equal((6, 4, 2), (state.Position, state.Failed, state.Done));
        Assert.Equal(["p0.jpg", "p1.jpg", "p2.jpg", "p3.jpg"], told.Select(failure => failure.Picture).Order(StringComparer.Ordinal));
        Says("p0.jpg", "90 x 61", "2 x 1", _folder["truth/p0.png"]);
        Says("p1.jpg", "there is no ground truth", _folder["truth/p1.png"]);
        Says("p2.jpg", "has id 3 at x 0, y 0; its ids are 0-2, 255");
        Says("p3.jpg", "the picture", "cannot be read");

        void Says(string picture, params string[] parts) =>
            Assert.All(parts, part => Assert.Contains(part, told.Single(failure => failure.Picture == picture).Error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_picture_that_the_list_names_and_is_not_there_is_a_failure()
    {
        Directory.CreateDirectory(_folder["JPEGImages"]);
        Directory.CreateDirectory(_folder["SegmentationClass"]);
        _folder.Write("ImageSets/Segmentation/val.txt", "gone\n");
        var preset = BenchmarkPresets.Find("voc21");
        var configurations = TinyEngine.Configurations();
        var state = New(configurations, 21);
        new Benchmark(_engine.Segmenter, _engine.Embed(preset.Labels), configurations, 64).Run(DataSet.Open(preset.Layout, _folder.Path), 1, state, default, default);
        Assert.Equal($"the picture {_folder["JPEGImages/gone.jpg"]} does not exist.", Assert.Single(state.Failures).Error);
        Assert.True(double.IsNaN(state.Matrices[0].Matrix.MeanIou));
        var file = new BenchmarkFile(_folder["benchmark.json"]);
        file.Save([], state);
        Assert.Equal(state.Failures, file.Load()!.Value.State.Failures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"settings\": {}, \"position\": 1}")]
    [InlineData("{\"settings\": {}, \"position\": 0, \"failed\": 0, \"seconds\": 0, \"failures\": [], \"classes\": 2, \"ways\": [{\"way\": \"a\", \"pixels\": [1, 2, 3]}]}")]
    public void A_file_that_is_no_benchmark_is_refused_by_name(string content)
    {
        var path = _folder.Write("benchmark.json", content);
        var error = Assert.Throws<EvaluationException>(() => new BenchmarkFile(path).Load());
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("--force", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ablation_takes_another_seed_for_each_trial()
    {
        var rows = Ablation.Rows(2);
        Assert.Equal(
            ["sclip-identity", "sclip-q", "sclip-k", "sclip", "sclip-random:1:0", "sclip-random:1:1", "sclip-random:4:0", "sclip-random:4:1", "sclip-random:16:0", "sclip-random:16:1"],
            rows.SelectMany(row => row.Methods));
        Assert.All(rows.SelectMany(row => row.Methods), DenseMethods.Validate);
    }

    [Fact]
    public void A_spread_is_the_samples()
    {
        Assert.Equal(new Spread(5, Math.Sqrt(32 / 7.0)), Spread.Of([2, 4, 4, 4, 5, 5, 7, 9]));
        Assert.Equal(new Spread(3, null), Spread.Of([3]));
    }

    private static BenchmarkState New(IReadOnlyList<BenchmarkConfiguration> configurations, int classes) => new(configurations.Select(item => item.Name), classes);

    private static long[] Counts(ConfusionMatrix matrix, int classes) => [.. Enumerable.Range(0, classes * classes).Select(i => matrix[i / classes, i % classes])];

    private DataSet Own(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (random, (width, height)) = (new Random(i), Sizes[i]);
            _folder.Picture($"in/p{i}.jpg", width, height, seed: i);
            _folder.Truth($"truth/p{i}.png", [.. Enumerable.Range(0, width * height).Select(_ => (ushort)random.Next(3))], width, height);
        }
        return DataSet.OfFolders(_folder["in"], _folder["truth"], LabelTable.Indices(3));
    }

    private ushort[] Label(string path, LabelEmbeddings embeddings, SegmentationOptions options)
    {
        var picture = ImageDecoder.Decode(File.ReadAllBytes(path), ImageLimits.Default);
        var seen = ImageResizer.ShortSide(picture, TinyEngine.ShortSide);
        var input = new SegmentationInput { Rgb = seen.Pixels, Width = seen.Width, Height = seen.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };
        return _engine.Segmenter.Segment([input], embeddings, options, TestContext.Current.CancellationToken)[0].LabelMap;
    }
}
