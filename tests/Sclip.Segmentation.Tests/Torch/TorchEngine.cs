using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Segmentation.TorchSharp;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Torch;

/// <summary>The backend on a golden model, and pictures for it.</summary>
internal sealed class TorchEngine : IDisposable
{
    private readonly GoldenModel _model = new(Golden.Models.First());

    public TorchEngine(TorchOptions? options = null, Action<int>? beforeForward = null)
    {
        Labels = _model.Labels();
        Segmenter = new TorchSegmenter(_model.Clip, Backends.Device(Devices[^1]), options ?? new TorchOptions { Precision = EnginePrecision.Float32, Batch = 8 }) { BeforeForward = beforeForward };
    }

    /// <summary>The devices of this machine; the last one is the most capable.</summary>
    public static IReadOnlyList<string> Devices { get; } = [.. Backends.Names.Where(name => name != Backends.Managed)];

    public ClipModel Clip => _model.Clip;

    public LabelEmbeddings Labels { get; }

    public TorchSegmenter Segmenter { get; }

    public static SegmentationInput Noise(int height, int width, int? outputHeight = null, int? outputWidth = null, int seed = 0)
    {
        var rgb = new byte[height * width * 3];
        new Random(seed + height * 1000 + width).NextBytes(rgb);
        return new SegmentationInput { Rgb = rgb, Width = width, Height = height, OutputHeight = outputHeight ?? height, OutputWidth = outputWidth ?? width };
    }

    public SegmentationResult Segment(SegmentationOptions options, SegmentationInput picture) =>
        Segmenter.Segment([picture], Labels, options, TestContext.Current.CancellationToken)[0];

    public void Dispose()
    {
        Segmenter.Dispose();
        _model.Dispose();
    }
}
