using global::TorchSharp;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp.Vision;

/// <summary>Brings weights from the mapped files to the device, one tensor at a time; they live until this is disposed of.</summary>
internal sealed class Weights(SafeTensors tensors, Device device, ScalarType type) : IDisposable
{
    private readonly List<Tensor> _loaded = [];

    /// <summary>What matrix products are computed in.</summary>
    public ScalarType Type => type;

    public Device Device => device;

    /// <summary>A tensor of 32 bits, for norms and positions.</summary>
    public Tensor Exact(string name, params ReadOnlySpan<int> shape) => Upload(tensors.Read(name, shape), shape, ScalarType.Float32);

    /// <summary>A tensor for matrix products, its values times <paramref name="factor"/>.</summary>
    public Tensor Matrix(string name, float factor, params ReadOnlySpan<int> shape)
    {
        var values = tensors.Read(name, shape);
        if (factor != 1)
            System.Numerics.Tensors.TensorPrimitives.Multiply(values, factor, values);
        return Upload(values, shape, type);
    }

    /// <summary>Several tensors, one below the other.</summary>
    public Tensor Stack(string[] names, params ReadOnlySpan<int> shape)
    {
        var all = new List<float>();
        foreach (var name in names)
            all.AddRange(tensors.Read(name, shape));
        int[] stacked = [names.Length * shape[0], .. shape[1..]];
        return Upload([.. all], stacked, type);
    }

    /// <summary>Values that are in no file.</summary>
    public Tensor Upload(float[] values, ReadOnlySpan<int> shape, ScalarType as_)
    {
        long[] dimensions = [.. shape.ToArray().Select(axis => (long)axis)];
        using var host = torch.tensor(values, dimensions);
        var tensor = host.to(as_, device, copy: true).DetachFromDisposeScope();
        _loaded.Add(tensor);
        return tensor;
    }

    public void Dispose()
    {
        foreach (var tensor in _loaded)
            tensor.Dispose();
        _loaded.Clear();
    }
}
