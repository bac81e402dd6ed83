using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Vision;

/// <summary>The parts of CLIP's vision transformer, one by one, on matrices of a backend. Blocks are counted from 1.</summary>
internal interface IClipBlocks
{
    /// <summary>Where the matrices are made.</summary>
    MatrixAlgebra Algebra { get; }

    /// <summary>Threads of the host, for what a method decides there.</summary>
    Threads HostThreads { get; }

    /// <summary>What enters the first block: patches of normalised pixels <c>[3, height, width]</c>, CLS and positions added, normalised.</summary>
    /// <param name="planes">The pixels.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Columns.</param>
    /// <param name="patches">How they are cut.</param>
    /// <param name="positions">How positions come to the grid.</param>
    Matrix Embed(float[] planes, int height, int width, PatchCut patches, PositionResizing positions);

    /// <summary>norm1 of a block's input <c>[tokens, width]</c>, and its queries, keys and values.</summary>
    BlockInput Input(int block, Matrix x);

    /// <summary>A block's output projection, bias included, of its heads' contexts side by side.</summary>
    Matrix ProjectOut(int block, Matrix context);

    /// <summary>x + mlp(norm2(x)).</summary>
    Matrix AddMlp(int block, Matrix x);

    /// <summary>The final norm and the projection into the space of texts.</summary>
    Matrix Project(Matrix x);
}
