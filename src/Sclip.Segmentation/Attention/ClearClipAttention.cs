namespace Sclip.Segmentation.Attention;

/// <summary>ClearCLIP (arXiv 2407.12442): softmax(q qT), the attention output alone.</summary>
internal sealed class ClearClipAttention : ILastBlockMethod
{
    public bool AttentionOutputOnly => true;

    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Self(AttentionOperand.Query)];
}
