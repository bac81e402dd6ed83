namespace Sclip.Segmentation.Attention;

/// <summary>SCLIP's Correlative Self-Attention: softmax(q qT) + softmax(k kT) (arXiv 2312.01597, equation 3).</summary>
internal sealed class CorrelativeSelfAttention : IDenseMethod
{
    public void Weigh(ref AttentionRows rows)
    {
        rows.AddSoftmax(rows.Query, rows.Query);
        rows.AddSoftmax(rows.Key, rows.Key);
    }
}
