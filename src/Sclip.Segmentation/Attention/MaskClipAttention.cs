namespace Sclip.Segmentation.Attention;

/// <summary>MaskCLIP (arXiv 2112.01071): every token takes its own value.</summary>
internal sealed class MaskClipAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } = [AttentionTerm.Identity];
}
