using System.Runtime.InteropServices;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.TorchSharp.PostProcessing;
using Sclip.Segmentation.Windows;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.Tests.Torch;

/// <summary>From the same logits both engines come to the same label map, and tell the same of it.</summary>
public sealed unsafe class TorchLabelMapperTests
{
    private const int Height = 37, Width = 52;

    private static readonly LabelEmbeddings Labels = new() { Values = new float[6 * 2], Dimension = 2, ClassOfName = [0, 0, 1, 2, 2, 3], ClassCount = 4, BackgroundClass = 0 };

    [LibtorchTheory]
    [InlineData("sclip", 0)]
    [InlineData("sclip", 0.3)]
    [InlineData("itaclip", 0)]
    [InlineData("itaclip", 0.3)]
    public void Label_maps_counts_and_doubts_are_those_of_the_CPU(string method, double threshold)
    {
        var logits = new float[Labels.ClassOfName.Length * Height * Width];
        var random = new Random(5);
        for (var i = 0; i < logits.Length; i++)
            logits[i] = (float)random.NextDouble();
        var options = new SegmentationOptions { Method = method, LogitScale = 4, ProbabilityThreshold = threshold };
        var input = new SegmentationInput { Rgb = default, Width = Width, Height = Height, OutputWidth = Width, OutputHeight = Height, DoubtMap = true };
        var expected = OnCpu(logits, input, options);

        using var scope = NewDisposeScope();
        var device = Backends.Device(TorchEngine.Devices[^1]).Device;
        using var labels = new TorchLabels(Labels, device);
        using var threads = new Threads(1);
        var mapped = new TorchLabelMapper(labels, options, areFinal: false, device, threads, TestContext.Current.CancellationToken)
            .Map(tensor(logits, [Labels.ClassOfName.Length, Height, Width]).to(device), input, regions: null, () => throw new InvalidOperationException("There is no PAMR."));
        Assert.Equal(expected.LabelMap, MemoryMarshal.Cast<byte, ushort>(mapped.LabelMap.cpu().bytes).ToArray());
        var sums = MemoryMarshal.Cast<byte, long>(mapped.Sums.cpu().bytes).ToArray();
        Assert.Equal(expected.PixelCounts, sums[..Labels.ClassCount]);
        Assert.Equal(expected.DoubtMap!.Select(doubt => (int)doubt), mapped.DoubtMap!.cpu().bytes.ToArray().Select(doubt => (int)doubt), (a, b) => Math.Abs(a - b) <= 1);
        for (var i = 0; i < Labels.ClassCount; i++)
        {
            var pixels = Math.Max(expected.PixelCounts[i], 1) * LabelMapper.Unit;
            Assert.Equal(expected.ClassConfidences[i], sums[Labels.ClassCount + i] / pixels, 1e-5);
            Assert.Equal(expected.ClassDoubts[i], sums[2 * Labels.ClassCount + i] / pixels, 1e-5);
        }
    }

    /// <summary>The managed engine's label map, the logits of each pixel given as those of a patch.</summary>
    private static SegmentationResult OnCpu(float[] logits, SegmentationInput input, SegmentationOptions options)
    {
        var names = Labels.ClassOfName.Length;
        using var threads = new Threads(2);
        using var map = new LogitMap(Height, Width, names, patches: 0);
        using var patches = new NativeBuffer((long)Height * Width * map.Stride);
        patches.Clear();
        for (var pixel = 0; pixel < Height * Width; pixel++)
            for (var name = 0; name < names; name++)
                patches.Pointer[pixel * map.Stride + name] = logits[name * Height * Width + pixel];
        map.AddWindow(patches.Pointer, Height, Width, new Window(0, 0, Height, Width), threads);
        return LabelMapper.Map(map, input, Labels, options, windows: 1, regions: null, areFinal: false, () => [], threads, TestContext.Current.CancellationToken);
    }
}
