using Sclip.Contracts.Jobs;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Segmentation.TorchSharp;

namespace Sclip.Segmentation.Tests.Torch;

/// <summary>Every method of the registry that a deep model fits, on the backend.</summary>
public sealed class TorchMethodTests : IDisposable
{
    private static readonly string Name = SuccessorGoldenTests.Manifest["models"]!.AsObject().First().Key;

    private readonly ClipModel _model = SuccessorGoldenTests.Load(Name);
    private readonly LabelEmbeddings _labels = SuccessorGoldenTests.Labels(Name);

    /// <summary>Methods.</summary>
    public static TheoryData<string> Methods
    {
        get
        {
            using var model = SuccessorGoldenTests.Load(Name);
            return [.. DenseMethods.Fitting(model.Config)
                .Where(method => !method.Contains("FILE", StringComparison.Ordinal) && !DenseMethodNames.NeedsGuide(method))
                .Select(method => method.Replace("N", "3", StringComparison.Ordinal))];
        }
    }

    public void Dispose() => _model.Dispose();

    [LibtorchTheory]
    [MemberData(nameof(Methods))]
    public void Labels_are_those_of_the_managed_engine_whatever_shares_a_pass_but_for_near_ties(string method)
    {
        using var managed = new ManagedSegmenter(_model);
        using var segmenter = Engine(EnginePrecision.Float32);
        SegmentationInput[] pictures = [Picture(9, 7), Picture(7, 8), Picture(6, 6)];
        var expected = managed.Segment(pictures, _labels, Options(method), TestContext.Current.CancellationToken);
        var actual = segmenter.Segment(pictures, _labels, Options(method), TestContext.Current.CancellationToken);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.InRange(one.LabelMap.Zip(other.LabelMap).Count(pair => pair.First != pair.Second), 0, one.LabelMap.Length / 500);
            Assert.Equal(one.Doubt, other.Doubt, 1e-3);
        }
    }

    [LibtorchTheory]
    [MemberData(nameof(Methods))]
    public void In_fewer_bits_labels_are_much_the_same(string method)
    {
        using var exact = Engine(EnginePrecision.Float32);
        using var rounded = Engine(EnginePrecision.BFloat16);
        var maps = new[] { exact, rounded }.Select(engine => engine.Segment([Picture(9, 8)], _labels, Options(method), TestContext.Current.CancellationToken)[0].LabelMap).ToArray();
        // The weights are random, so that names are near each other: what went wrong altogether would change most labels.
        Assert.InRange(maps[0].Zip(maps[1]).Count(pair => pair.First != pair.Second), 0, maps[0].Length / 4);
    }

    [LibtorchTheory]
    [MemberData(nameof(Methods))]
    public void No_tensor_outlives_its_pictures(string method)
    {
        using var segmenter = Engine(EnginePrecision.Float32);
        SegmentationInput[] pictures = [Picture(7, 8)];
        segmenter.Segment(pictures, _labels, Options(method), TestContext.Current.CancellationToken);
        var before = global::TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 2; i++)
            segmenter.Segment(pictures, _labels, Options(method), TestContext.Current.CancellationToken);
        Assert.Equal(before, global::TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private TorchSegmenter Engine(EnginePrecision precision) => new(_model, Backends.Device(TorchEngine.Devices[^1]), new TorchOptions { Precision = precision, Batch = 8 });

    /// <summary>Windows of six patches by six, of which the picture has several.</summary>
    private SegmentationOptions Options(string method) => new() { Method = method, Crop = 6 * _model.Config.PatchSize, Stride = 2 * _model.Config.PatchSize };

    private SegmentationInput Picture(int rows, int columns) => TorchEngine.Noise(rows * _model.Config.PatchSize, columns * _model.Config.PatchSize, 90, 120);
}
