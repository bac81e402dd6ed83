using System.Runtime.InteropServices;
using Sclip.Segmentation.Algebra;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp.Algebra;

/// <summary>Matrices on a device; a scope is one of TorchSharp's, so that its temporary tensors end with it.</summary>
internal sealed class TorchAlgebra(Device device) : MatrixAlgebra
{
    /// <summary>Where the matrices are.</summary>
    public Device Device => device;

    public override IDisposable Scope() => NewDisposeScope();

    public override Matrix From(ReadOnlySpan<float> values, int rows, int columns)
    {
        var host = empty(rows, columns);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(host.bytes));
        return Of(host.to(device));
    }

    public override Matrix Zeros(int rows, int columns) => Of(zeros(rows, columns, device: device));

    /// <summary>A tensor <c>[rows, columns]</c> on the device, in 32 bits.</summary>
    public TorchMatrix Of(Tensor tensor) => new(this, tensor);
}
