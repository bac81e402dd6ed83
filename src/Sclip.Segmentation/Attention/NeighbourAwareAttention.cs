namespace Sclip.Segmentation.Attention;

/// <summary>NACLIP (arXiv 2404.08181): softmax(k kT + a Gaussian of the distance on the patch grid), the attention output alone.</summary>
internal sealed class NeighbourAwareAttention : IDenseMethod
{
    private static readonly NeighbourhoodBias Neighbourhood = new(sigma: 5);

    public bool AttentionOutputOnly => true;

    public void Weigh(ref AttentionRows rows) => rows.AddSoftmax(rows.Key, rows.Key, neighbourhood: Neighbourhood);
}
