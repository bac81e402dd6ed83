using Sclip.Segmentation.Algebra;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.Algebra;

/// <summary>Layers on a device: products in the engine's precision, norms in 32 bits, and so are the matrices that they take and give.</summary>
internal sealed class TorchLayers(Device device, ScalarType type) : ILayerFactory
{
    public LinearLayer Linear(float[] weight, int outputs, int inputs, float[]? bias) =>
        new DeviceLinear(Upload(weight, [outputs, inputs], type), bias is null ? null : Upload(bias, [outputs], type), type);

    public NormLayer Norm(float[] weight, float[] bias, float epsilon) =>
        new DeviceNorm(Upload(weight, [weight.Length], ScalarType.Float32), Upload(bias, [bias.Length], ScalarType.Float32), epsilon);

    private Tensor Upload(float[] values, long[] shape, ScalarType as_)
    {
        using var host = tensor(values, shape);
        return host.to(as_, device, copy: true).DetachFromDisposeScope();
    }

    private sealed class DeviceLinear(Tensor weight, Tensor? bias, ScalarType type) : LinearLayer
    {
        public override Matrix Apply(Matrix x)
        {
            var source = (TorchMatrix)x;
            return source.New(functional.linear(source.Tensor.to(type), weight, bias).to(ScalarType.Float32));
        }

        public override void Dispose()
        {
            weight.Dispose();
            bias?.Dispose();
        }
    }

    private sealed class DeviceNorm(Tensor weight, Tensor bias, float epsilon) : NormLayer
    {
        public override Matrix Apply(Matrix x)
        {
            var source = (TorchMatrix)x;
            return source.New(functional.layer_norm(source.Tensor, [source.Columns], weight, bias, epsilon));
        }

        public override void Dispose()
        {
            weight.Dispose();
            bias.Dispose();
        }
    }
}
