using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Attention;

/// <summary>How the last block attends, and what it keeps, so that patch tokens can be read as dense features.</summary>
internal interface IDenseMethod : IDisposable
{
    /// <summary>Whether the block's output is its attention output alone, without residual and MLP.</summary>
    bool AttentionOutputOnly => false;

    /// <summary>Matrices <c>[width, width]</c> by which the block's normalised input is to be multiplied beforehand.</summary>
    IReadOnlyList<PackedMatrix> Projections => [];

    /// <summary>Builds rows of the attention weights of one head.</summary>
    void Weigh(ref AttentionRows rows);

    void IDisposable.Dispose()
    {
    }
}
