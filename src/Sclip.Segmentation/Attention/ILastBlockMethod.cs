namespace Sclip.Segmentation.Attention;

/// <summary>
/// How the last block attends, and what it keeps, so that patch tokens can be read as dense features. It is a description alone: each
/// backend computes it in its own way.
/// </summary>
internal interface ILastBlockMethod : IDenseMethod
{
    IReadOnlyList<int> IDenseMethod.Outputs(int blocks) => [blocks - 1];

    /// <summary>Whether the block's output is its attention output alone, without residual and MLP.</summary>
    bool AttentionOutputOnly => false;

    /// <summary>Matrices W_r, <c>[width, width]</c> row by row, by which the block's normalised input X is to be multiplied beforehand: X W_r.</summary>
    IReadOnlyList<float[]> Projections => [];

    /// <summary>What the attention weights of a head are the sum of.</summary>
    IReadOnlyList<AttentionTerm> Terms { get; }
}
