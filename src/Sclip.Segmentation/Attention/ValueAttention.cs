namespace Sclip.Segmentation.Attention;

/// <summary>Value-value attention: softmax(v vT) (CLIP Surgery, arXiv 2304.05653).</summary>
internal sealed class ValueAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Self(AttentionOperand.Value)];
}
