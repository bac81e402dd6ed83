namespace Sclip.Segmentation.Attention;

/// <summary>SCLIP with the identity for W_r: softmax(X XT) (the paper's ablation, Table 2).</summary>
internal sealed class IdentityProjectionAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Self(AttentionOperand.Input)];
}
