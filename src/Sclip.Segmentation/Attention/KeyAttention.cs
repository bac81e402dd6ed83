namespace Sclip.Segmentation.Attention;

/// <summary>The key half of SCLIP: softmax(k kT) (the paper's ablation, Table 2).</summary>
internal sealed class KeyAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Self(AttentionOperand.Key)];
}
