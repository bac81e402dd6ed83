namespace Sclip.Segmentation.Attention;

/// <summary>SCLIP's Correlative Self-Attention: softmax(q qT) + softmax(k kT) (arXiv 2312.01597, equation 3).</summary>
internal sealed class CorrelativeSelfAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Self(AttentionOperand.Query), AttentionTerm.Self(AttentionOperand.Key)];
}
