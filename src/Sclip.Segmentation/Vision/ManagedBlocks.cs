using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>The blocks of the managed engine, on the threads of a forward pass.</summary>
internal sealed unsafe class ManagedBlocks(VisionTransformer vision, ForwardPass pass) : IClipBlocks, IDisposable
{
    private readonly ManagedAlgebra _algebra = new(pass.Threads);

    public MatrixAlgebra Algebra => _algebra;

    public Threads HostThreads => pass.Threads;

    /// <summary>Tokens that lie elsewhere.</summary>
    public Matrix Over(float* tokens, int rows) => _algebra.Over(tokens, rows, vision.Width, vision.Width);

    public Matrix Embed(float[] planes, int height, int width, PatchCut patches, PositionResizing positions)
    {
        var batch = TokenBatch.Of([new PixelWindow(default, width, 0, 0, height, width)], patches, positions);
        var tokens = _algebra.New(batch.Rows, vision.Width);
        vision.Embed(planes, batch, width, tokens.Pointer, pass);
        vision.PreNorm(tokens.Pointer, batch.Rows, pass);
        return tokens;
    }

    public BlockInput Input(int block, Matrix x)
    {
        var (source, width) = (Rows(x), vision.Width);
        var (normed, qkv) = (_algebra.New(x.Rows, width), _algebra.New(x.Rows, 3 * width));
        vision.Layer(block).ProjectQkv(source.Pointer, normed.Pointer, qkv.Pointer, x.Rows, pass.Threads);
        return new(normed, qkv.ColumnRange(0, width), qkv.ColumnRange(width, width), qkv.ColumnRange(2 * width, width));
    }

    public Matrix ProjectOut(int block, Matrix context)
    {
        var target = _algebra.New(context.Rows, vision.Width);
        vision.Layer(block).OutputAndMlp(Rows(context).Pointer, target.Pointer, context.Rows, attentionOutputOnly: true, pass.Threads);
        return target;
    }

    public Matrix AddMlp(int block, Matrix x)
    {
        var target = _algebra.New(x.Rows, x.Columns);
        target.Set(x);
        vision.Layer(block).AddMlp(target.Pointer, x.Rows, pass.Threads);
        return target;
    }

    public Matrix Project(Matrix x)
    {
        var target = _algebra.New(x.Rows, vision.EmbeddingSize);
        vision.Project(Rows(x).Pointer, x.Rows, target.Pointer, pass);
        return target;
    }

    public void Dispose() => _algebra.Dispose();

    /// <summary>The same matrix without gaps between its rows, as the layers take it.</summary>
    private ManagedMatrix Rows(Matrix x)
    {
        var matrix = (ManagedMatrix)x;
        if (matrix.Stride == matrix.Columns)
            return matrix;
        var copy = _algebra.New(x.Rows, x.Columns);
        copy.Set(x);
        return copy;
    }
}
