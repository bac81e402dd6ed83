using Sclip.Segmentation;
using Sclip.Segmentation.Attention;

namespace Sclip.Bench.Peers;

/// <summary>Our own engine.</summary>
internal sealed unsafe class OwnPeer(string model, int threads) : IPeer
{
    private readonly ClipModel _clip = ClipModel.Load(model, threads);
    private IDenseMethod? _method;
    private WindowBatch? _batch;
    private float* _features;

    public string Name => "sclip, fp32";

    public double Tolerance => 1e-3;

    public ReadOnlySpan<float> Features => new(_features, _batch!.Count * _batch.Tokens * _batch.EmbeddingSize);

    public void Take(WindowBatch batch) => _batch = batch;

    public void Forward() => _features = _clip.Vision.Forward(_batch!.Windows, _method ??= DenseMethods.Create("sclip", _clip.Config.Vision.Width), CancellationToken.None);

    public void Dispose() => _clip.Dispose();
}
