using Sclip.Segmentation;
using Sclip.Segmentation.Attention;

namespace Sclip.Bench.Peers;

/// <summary>Our own engine, in fp32 or bf16.</summary>
internal sealed unsafe class OwnPeer(string model, int threads, EnginePrecision precision) : IPeer
{
    private readonly ClipModel _clip = ClipModel.Load(model, threads, precision: precision);
    private ILastBlockMethod? _method;
    private WindowBatch? _batch;
    private float* _features;

    public string Name => precision == EnginePrecision.BFloat16 ? "sclip, bf16" : "sclip, fp32";

    public double Tolerance => precision == EnginePrecision.BFloat16 ? 2e-2 : 1e-3;

    public ReadOnlySpan<float> Features => new(_features, _batch!.Count * _batch.Tokens * _batch.EmbeddingSize);

    public void Take(WindowBatch batch) => _batch = batch;

    public void Forward() => _features = _clip.Vision.Forward(_batch!.Windows, _method ??= new CorrelativeSelfAttention(), CancellationToken.None);

    public void Dispose() => _clip.Dispose();
}
