using Sclip.Segmentation;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.TorchSharp;
using Sclip.Segmentation.TorchSharp.Vision;
using static global::TorchSharp.torch;

namespace Sclip.Bench.Peers;

/// <summary>The backend on libtorch, on the CPU.</summary>
internal sealed class TorchPeer : IPeer
{
    private readonly TorchVision _vision;
    private readonly TorchAttention _attention;
    private Tensor? _pixels, _features;

    public TorchPeer(ClipModel clip, TorchDevice device, int threads, ScalarType type)
    {
        set_num_threads(threads);
        (Name, Tolerance) = type == ScalarType.Float32 ? ("libtorch, fp32", 1e-3) : ("libtorch, bf16", 2e-2);
        _vision = new TorchVision(clip.Tensors, clip.Config, device.Device, type);
        _attention = new TorchAttention(new CorrelativeSelfAttention(), clip.Config.Vision.Width, clip.Tensors, device.Device, type);
    }

    public string Name { get; }

    public double Tolerance { get; }

    public ReadOnlySpan<float> Features => _features!.data<float>().ToArray();

    public void Take(WindowBatch batch)
    {
        _pixels?.Dispose();
        _pixels = tensor(batch.Pixels, [batch.Count, 3, batch.Side, batch.Side]);
    }

    public void Forward()
    {
        _features?.Dispose();
        _features = _vision.Forward(_pixels!, _attention, CancellationToken.None);
    }

    public void Dispose()
    {
        _features?.Dispose();
        _pixels?.Dispose();
        _attention.Dispose();
        _vision.Dispose();
    }
}
