using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Algebra;

/// <summary>Layers packed for the managed engine's matrix product.</summary>
internal sealed class ManagedLayers : ILayerFactory
{
    public LinearLayer Linear(float[] weight, int outputs, int inputs, float[]? bias) => new PackedLinear(weight, outputs, inputs, bias);

    public NormLayer Norm(float[] weight, float[] bias, float epsilon) => new HostNorm(weight, bias, epsilon);

    private static NativeBuffer Copy(float[] values)
    {
        var buffer = new NativeBuffer(values.Length);
        values.CopyTo(buffer.Span(0, values.Length));
        return buffer;
    }

    private sealed unsafe class PackedLinear : LinearLayer
    {
        private readonly PackedMatrix _weight;
        private readonly NativeBuffer? _bias;

        public PackedLinear(float[] weight, int outputs, int inputs, float[]? bias)
        {
            _weight = new PackedMatrix(inputs, outputs, GemmKernel.Best);
            _weight.SetColumns(0, weight);
            _bias = bias is null ? null : Copy(bias);
        }

        public override Matrix Apply(Matrix x)
        {
            var source = (ManagedMatrix)x;
            ArgumentOutOfRangeException.ThrowIfNotEqual(x.Columns, _weight.K);
            var target = source.New(x.Rows, _weight.N);
            Gemm.Multiply(source.Pointer, source.Stride, x.Rows, _weight, target.Pointer, target.Stride, _bias is null ? null : _bias.Pointer, Epilogue.None, source.Threads);
            return target;
        }

        public override void Dispose()
        {
            _weight.Dispose();
            _bias?.Dispose();
        }
    }

    private sealed unsafe class HostNorm(float[] weight, float[] bias, float epsilon) : NormLayer
    {
        private readonly NativeBuffer _weight = Copy(weight), _bias = Copy(bias);

        public override Matrix Apply(Matrix x)
        {
            var source = (ManagedMatrix)x;
            var target = source.New(x.Rows, x.Columns);
            source.ForRows(x.Rows, x.Columns, row =>
                LayerNorm.Rows(source.Pointer + row * source.Stride, target.Pointer + row * target.Stride, 1, x.Columns, _weight.Pointer, _bias.Pointer, epsilon));
            return target;
        }

        public override void Dispose()
        {
            _weight.Dispose();
            _bias.Dispose();
        }
    }
}
