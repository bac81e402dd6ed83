namespace Sclip.Segmentation.Attention;

/// <summary>NACLIP (arXiv 2404.08181): softmax(k kT + a Gaussian of the distance on the patch grid), the attention output alone.</summary>
internal sealed class NeighbourAwareAttention : ILastBlockMethod
{
    public bool AttentionOutputOnly => true;

    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Self(AttentionOperand.Key, neighbourhood: new NeighbourhoodBias(sigma: 5))];
}
