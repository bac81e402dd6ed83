using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp.PostProcessing;

/// <summary>A label set on the device.</summary>
internal sealed class TorchLabels : IDisposable
{
    public TorchLabels(LabelEmbeddings labels, Device device)
    {
        Source = labels;
        using var _ = NewDisposeScope();
        var names = labels.ClassOfName.Length;
        Embeddings = tensor(labels.Values, [names, labels.Dimension]).to(device).DetachFromDisposeScope();
        ClassOfName = tensor(labels.ClassOfName).to(ScalarType.Int64).to(device).DetachFromDisposeScope();
    }

    /// <summary>What was uploaded.</summary>
    public LabelEmbeddings Source { get; }

    /// <summary><c>[names, dimension]</c>, in 32 bits.</summary>
    public Tensor Embeddings { get; }

    /// <summary><c>[names]</c>, in 64-bit integers, as indices have to be.</summary>
    public Tensor ClassOfName { get; }

    public int Names => Source.ClassOfName.Length;

    public void Dispose()
    {
        Embeddings.Dispose();
        ClassOfName.Dispose();
    }
}
