namespace Sclip.Segmentation.Attention;

/// <summary>The query half of SCLIP: softmax(q qT) (the paper's ablation, Table 2).</summary>
internal sealed class QueryAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Self(AttentionOperand.Query)];
}
