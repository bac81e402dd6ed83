namespace Sclip.Segmentation.Attention;

/// <summary>SCLIP with the identity for W_r: softmax(X XT) (the paper's ablation, Table 2).</summary>
internal sealed class IdentityProjectionAttention : IDenseMethod
{
    public void Weigh(ref AttentionRows rows) => rows.AddSoftmax(rows.Input, rows.Input);
}
