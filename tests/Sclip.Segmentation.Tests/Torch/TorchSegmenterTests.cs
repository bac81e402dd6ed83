using System.Runtime.InteropServices;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation.TorchSharp;
using Sclip.Segmentation.TorchSharp.Pictures;
using Sclip.Testing;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.Tests.Torch;

/// <summary>What the backend does beyond the numbers: batches, memory, faults, precision.</summary>
public class TorchSegmenterTests(ITestOutputHelper output)
{
    private static readonly SegmentationOptions Options = new() { Crop = 64, Stride = 32 };

    [LibtorchTheory]
    [InlineData(480, 640, 336, 448)]
    [InlineData(200, 100, 671, 336)]
    [InlineData(999, 1501, 224, 337)]
    [InlineData(64, 65, 64, 65)]
    public void Pictures_are_resized_to_the_bytes_of_the_CPUs_resizer(int height, int width, int newHeight, int newWidth)
    {
        using var scope = NewDisposeScope();
        using var engine = new TorchEngine();
        var device = Backends.Device(TorchEngine.Devices[^1]).Device;
        using var pixels = new PicturePixels(engine.Clip.Normalisation, device);
        var input = TorchEngine.Noise(height, width);
        var expected = ImageResizer.Resize(new RgbImage(width, height, input.Rgb.ToArray()), newWidth, newHeight);
        var resized = pixels.Resize(tensor(input.Rgb.ToArray(), [height, width, 3]).to(device), newHeight, newWidth).to(ScalarType.Byte).cpu();
        Assert.Equal(expected.Pixels, resized.contiguous().bytes.ToArray());
    }

    [LibtorchTheory]
    [InlineData(0, 0.0, false)]
    [InlineData(0, 0.2, true)]
    [InlineData(3, 0.2, true)]
    public void Labels_are_those_of_the_managed_engine_but_for_near_ties(int pamrSteps, double threshold, bool area)
    {
        var options = Options with { PamrSteps = pamrSteps, PamrDilations = [1, 3], ProbabilityThreshold = threshold, AreaThreshold = area ? 0.15 : null };
        using var engine = new TorchEngine();
        using var managed = new ManagedSegmenter(engine.Clip);
        foreach (var size in (int[])[64, 97, 150])
        {
            var original = TorchEngine.Noise(size * 2, size * 3, seed: size);
            var resized = ImageResizer.ShortSide(new RgbImage(original.Width, original.Height, original.Rgb.ToArray()), size);
            var scores = new GoldenVectors.ScoreRecorder(engine.Labels.ClassCount, original.Height, original.Width);
            var expected = managed.Segment(
                [new SegmentationInput { Rgb = resized.Pixels, Width = resized.Width, Height = resized.Height, OutputWidth = original.Width, OutputHeight = original.Height, Scores = scores }],
                engine.Labels, options, TestContext.Current.CancellationToken)[0];
            var actual = engine.Segment(options, new SegmentationInput
            {
                Rgb = original.Rgb,
                Width = original.Width,
                Height = original.Height,
                ModelWidth = resized.Width,
                ModelHeight = resized.Height,
                OutputWidth = original.Width,
                OutputHeight = original.Height,
            });
            Assert.Equal(expected.Windows, actual.Windows);
            Assert.True(expected.PixelCounts.Count(count => count > 0) > 1, "Noise should get more than one label.");
            for (var i = 0; i < expected.LabelMap.Length; i++)
                if (expected.LabelMap[i] != actual.LabelMap[i])
                    Assert.InRange(scores.Margin(i, (float)threshold), 0, 1e-4f);
            Assert.Equal(expected.MeanConfidence, actual.MeanConfidence, 1e-4);
            Assert.Equal(expected.Doubt, actual.Doubt, 1e-4);
        }
    }

    [LibtorchTheory]
    [InlineData(EnginePrecision.BFloat16, 0.03)]
    [InlineData(EnginePrecision.Float16, 0.01)]
    public void Fewer_bits_change_few_pixels_of_the_demo_pictures(EnginePrecision precision, double most)
    {
        var folder = Path.Combine(Repository.Root, "models", "demo");
        using var model = ClipModel.Load(Path.Combine(folder, "model"), 2, packVision: false);
        var labels = model.EmbedLabels(LabelSet.Load(Path.Combine(folder, "labels.json")), model.Defaults.Templates ?? PromptTemplates.ImageNet, null, cancellationToken: TestContext.Current.CancellationToken);
        var pictures = Directory.GetFiles(Path.Combine(folder, "pictures")).Order(StringComparer.Ordinal).Select(path =>
        {
            var picture = ImageDecoder.Decode(File.ReadAllBytes(path), ImageLimits.Default);
            return new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };
        }).ToArray();
        var options = new SegmentationOptions { Crop = model.Defaults.Crop ?? 224, Stride = model.Defaults.Stride ?? 112, LogitScale = model.Defaults.LogitScale ?? 40 };
        var (exact, rounded) = (Labels(EnginePrecision.Float32), Labels(precision));
        var share = exact.Zip(rounded).Sum(pair => pair.First.Zip(pair.Second).Count(labels => labels.First != labels.Second)) / (double)exact.Sum(map => map.Length);
        output.WriteLine($"{precision}: {share:P3} of {exact.Sum(map => map.Length)} pixels differ from 32 bits.");
        Assert.InRange(share, 0, most);
        Assert.True(exact.SelectMany(map => map).Distinct().Count() > 3, "The demo pictures show more than three classes.");

        ushort[][] Labels(EnginePrecision bits)
        {
            using var segmenter = new TorchSegmenter(model, Backends.Device(TorchEngine.Devices[^1]), new TorchOptions { Precision = bits, Batch = 8 });
            return [.. segmenter.Segment(pictures, labels, options, TestContext.Current.CancellationToken).Select(result => result.LabelMap)];
        }
    }

    [LibtorchFact]
    public void The_batch_changes_no_label()
    {
        var pictures = Enumerable.Range(0, 7).Select(i => TorchEngine.Noise(64 + i * 9, 64 + i * 5, 50, 40)).ToArray();
        ushort[][]? first = null;
        foreach (var batch in (int[])[1, 3, 100])
        {
            using var engine = new TorchEngine(new TorchOptions { Precision = EnginePrecision.Float32, Batch = batch });
            var maps = engine.Segmenter.Segment(pictures, engine.Labels, Options, TestContext.Current.CancellationToken).Select(result => result.LabelMap).ToArray();
            first ??= maps;
            for (var i = 0; i < maps.Length; i++)
                Assert.InRange(maps[i].Zip(first[i]).Count(pair => pair.First != pair.Second), 0, 2);
        }
    }

    [LibtorchFact]
    public void A_pass_too_large_for_the_devices_memory_is_halved_until_it_fits()
    {
        var passes = new List<int>();
        using var engine = new TorchEngine(new TorchOptions { Batch = 16 }, windows =>
        {
            passes.Add(windows);
            if (windows > 4)
                throw new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB.\nException raised from malloc");
        });
        var pictures = Enumerable.Range(0, 5).Select(_ => TorchEngine.Noise(96, 96)).ToArray();
        var results = engine.Segmenter.Segment(pictures, engine.Labels, Options, TestContext.Current.CancellationToken);
        Assert.Equal(5, results.Count);
        Assert.All(results, result => Assert.Equal(results[0].LabelMap, result.LabelMap));
        Assert.Equal([16, 8, 4, 4, 4, 4, 4], passes);
        Assert.Equal(results[0].LabelMap, engine.Segment(Options, pictures[0]).LabelMap);
    }

    [LibtorchFact]
    public void A_picture_that_cannot_fit_is_refused_and_the_next_one_is_labelled()
    {
        using var engine = new TorchEngine();
        // [60000 names, 3000, 3000] are two terabytes.
        var many = new LabelEmbeddings
        {
            Values = [.. Enumerable.Range(0, 60_000).SelectMany(_ => engine.Labels.Values[..engine.Labels.Dimension])],
            Dimension = engine.Labels.Dimension,
            ClassOfName = [.. Enumerable.Range(0, 60_000)],
            ClassCount = 60_000,
        };
        var large = TorchEngine.Noise(64, 64);
        large = new SegmentationInput { Rgb = large.Rgb, Width = 64, Height = 64, ModelWidth = 3000, ModelHeight = 3000, OutputWidth = 64, OutputHeight = 64 };
        Assert.Throws<OutOfMemoryException>(() => engine.Segmenter.Segment([large], many, Options, TestContext.Current.CancellationToken));
        Assert.Equal(64 * 64, engine.Segment(Options, TorchEngine.Noise(64, 64)).PixelCounts.Sum());
    }

    [LibtorchFact]
    public void A_fault_of_the_device_is_told_as_its_loss()
    {
        using var engine = new TorchEngine(beforeForward: _ => throw new ExternalException("CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be"));
        var error = Assert.Throws<DeviceLostException>(() => engine.Segment(Options, TorchEngine.Noise(64, 64)));
        Assert.EndsWith("failed: CUDA error: an illegal memory access was encountered", error.Message, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public void No_tensor_outlives_its_pictures()
    {
        using var engine = new TorchEngine();
        var options = Options with { PamrSteps = 2, PamrDilations = [1], AreaThreshold = 0.1, ProbabilityThreshold = 0.1 };
        SegmentationInput[] pictures = [.. Enumerable.Range(0, 6).Select(i => TorchEngine.Noise(70 + i % 2, 80))];
        engine.Segmenter.Segment(pictures, engine.Labels, options, TestContext.Current.CancellationToken);
        // Of this thread: tests of other classes run beside this one.
        var before = global::TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            engine.Segmenter.Segment(pictures, engine.Labels, options, TestContext.Current.CancellationToken);
        Assert.Equal(before, global::TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [LibtorchFact]
    public unsafe void Addresses_of_tensors_are_those_of_their_values()
    {
        using var numbers = arange(100, dtype: ScalarType.Byte);
        Assert.Equal([.. Enumerable.Range(0, 100).Select(i => (byte)i)], new ReadOnlySpan<byte>((void*)PictureUpload.AddressOf(numbers.Handle), 100).ToArray());
    }

    [LibtorchFact]
    public void After_a_while_larger_passes_are_tried_again()
    {
        var passes = new List<int>();
        var small = true;
        using var engine = new TorchEngine(new TorchOptions { Batch = 8 }, windows =>
        {
            passes.Add(windows);
            if (small && windows > 4)
                throw new ExternalException("CUDA out of memory.");
        });
        SegmentationInput[] pictures = [TorchEngine.Noise(96, 96), TorchEngine.Noise(96, 96)];
        for (var i = 0; i < 6; i++, small = false)
            engine.Segmenter.Segment(pictures, engine.Labels, Options, TestContext.Current.CancellationToken);
        Assert.Equal([8, 4, 4, 4, 4, 4, 4, 4, 4, 8, 8], passes);
    }

    [LibtorchFact]
    public void A_device_that_is_not_there_is_named_with_what_to_do()
    {
        var count = TorchDevice.CountCuda(out var why);
        var error = Assert.Throws<DeviceException>(() => TorchDevice.Cuda(count == 0 ? 0 : 99));
        Assert.StartsWith("cuda:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        if (count == 0)
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        else
            Assert.Contains("cuda:0", error.Message, StringComparison.Ordinal);
    }
}
