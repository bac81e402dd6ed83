using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.TorchSharp.Algebra;
using Sclip.Segmentation.Vision;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp.Vision;

/// <summary>The parts of the vision transformer on a device, for one window at a time: matrices in 32 bits, what is between them in the engine's precision.</summary>
internal sealed class TorchBlocks(TorchVision vision, TorchAlgebra algebra, Threads hostThreads) : IClipBlocks
{
    public MatrixAlgebra Algebra => algebra;

    public Threads HostThreads => hostThreads;

    public Matrix Embed(float[] planes, int height, int width, PatchCut patches, PositionResizing positions)
    {
        using var scope = NewDisposeScope();
        var window = tensor(planes, [1, 3, height, width]).to(algebra.Device);
        return algebra.Of(vision.Embed(window, patches, positions)[0].MoveToOuterDisposeScope());
    }

    public BlockInput Input(int block, Matrix x)
    {
        var layer = vision.Layer(block);
        var normed = layer.Norm1(Of(x));
        var qkv = Exact(layer.ProjectQkv(normed));
        var width = x.Columns;
        return new(Exact(normed), qkv.ColumnRange(0, width), qkv.ColumnRange(width, width), qkv.ColumnRange(2 * width, width));
    }

    public Matrix ProjectOut(int block, Matrix context) => Exact(vision.Layer(block).ProjectOutRows(Of(context)));

    public Matrix AddMlp(int block, Matrix x)
    {
        var result = Of(x).clone();
        vision.Layer(block).AddMlp(result);
        return algebra.Of(result);
    }

    public Matrix Project(Matrix x) => algebra.Of(vision.Project(Of(x)));

    private static Tensor Of(Matrix matrix) => ((TorchMatrix)matrix).Tensor;

    private TorchMatrix Exact(Tensor tensor) => algebra.Of(tensor.to(ScalarType.Float32));
}
