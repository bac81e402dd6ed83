using System.Collections.Concurrent;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Worker;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Tests.Labelling;

/// <summary>A run on two devices, each of which works at a part of the pictures.</summary>
public sealed class SeveralDevicesTests : IDisposable
{
    private const int Pictures = 200;
    private static readonly LabelClass[] Classes = [new() { Name = "grass" }, new() { Name = "sky" }];
    private readonly SclipCli _cli = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public async Task Pictures_are_shared_out_and_each_is_labelled_once()
    {
        // The first call on each device waits for that on the other.
        using var both = new Barrier(2);
        var calls = new ConcurrentDictionary<string, int>();
        var results = await RunAsync(device =>
        {
            if (calls.AddOrUpdate(device, 1, (_, count) => count + 1) == 1)
                Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(30)));
        });
        Assert.Equal(["cuda:0", "cuda:1"], calls.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Pictures, results.Select(result => result.Image).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Pictures, results.Count);
    }

    [Fact]
    public async Task A_stop_keeps_what_each_of_them_has_done()
    {
        var calls = 0;
        var results = await RunAsync(_ =>
        {
            if (Interlocked.Increment(ref calls) == 4)
                _stop.Cancel();
        });
        Assert.InRange(results.Count, 1, Pictures - 1);
        Assert.Equal(
            Directory.GetFiles(Path.Combine(_cli.Output, "masks")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            results.Select(result => Path.GetFileName(result.Mask)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_lost_device_ends_the_run_with_its_reason()
    {
        var error = await Assert.ThrowsAsync<DeviceLostException>(() => RunAsync(device =>
        {
            if (device == "cuda:1")
                throw new DeviceLostException("cuda:1 fell off the bus.");
        }));
        Assert.Equal("cuda:1 fell off the bus.", error.Message);
    }

    private async Task<List<ImageResult>> RunAsync(Action<string> onCall)
    {
        var picture = Imaging.JpegEncoder.Encode(new Imaging.RgbImage(16, 16, new byte[16 * 16 * 3]));
        for (var i = 0; i < Pictures; i++)
            _cli.Folder.Write($"in/{i:000}.jpg", picture);
        var context = new CliContext(TextWriter.Null, TextWriter.Null, Interactive: false, _stop.Token, TestContext.Current.CancellationToken);
        using var model = ClipModel.Load(SclipCli.Model, threads: 1, packVision: false);
        var devices = new EngineDevices([new ConstantDevice("cuda:0", onCall), new ConstantDevice("cuda:1", onCall)], "");
        var embeddings = new LabelEmbeddings { Values = [], Dimension = 0, ClassOfName = [0, 1], ClassCount = 2 };
        using var engines = LoadedEngines.Of(devices, model, LabelSet.Of(Classes), embeddings);
        using var job = new EmbeddedJob(context, _cli.Output, features: null, new WorkerOptions { Threads = 1, HoldSeconds = 3600, CheckpointSeconds = double.MaxValue }, engines);
        var results = new List<ImageResult>();
        await foreach (var result in job.RunAsync(InputScan.Of([_cli.Folder["in"]], _cli.Output).Pictures, Classes, new JobSettings()))
            results.Add(result);
        return results;
    }

    /// <summary>A device whose engine sees grass everywhere.</summary>
    private sealed class ConstantDevice(string name, Action<string> onCall) : IEngineDevice, ISegmenter
    {
        public string Name => name;

        public string Description => "";

        public EnginePrecision Precision => EnginePrecision.Float32;

        public bool PacksVision => false;

        public ISegmenter CreateSegmenter(ClipModel model) => this;

        public IReadOnlyList<SegmentationResult> Segment(
            IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
        {
            onCall(name);
            return [.. pictures.Select(picture => new SegmentationResult
            {
                Width = picture.OutputWidth,
                Height = picture.OutputHeight,
                LabelMap = new ushort[picture.OutputWidth * picture.OutputHeight],
                PixelCounts = [picture.OutputWidth * picture.OutputHeight, 0],
                ClassConfidences = [1, 0],
                MeanConfidence = 1,
                ClassDoubts = [0, 0],
                Doubt = 0,
                Windows = 1,
            })];
        }

        public void Dispose()
        {
        }
    }
}
