namespace Sclip.Segmentation.Attention;

/// <summary>Value-value attention: softmax(v vT) (CLIP Surgery, arXiv 2304.05653).</summary>
internal sealed class ValueAttention : IDenseMethod
{
    public void Weigh(ref AttentionRows rows) => rows.AddSoftmax(rows.Value, rows.Value);
}
