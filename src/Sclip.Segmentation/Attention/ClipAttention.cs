namespace Sclip.Segmentation.Attention;

/// <summary>CLIP as it was trained: softmax(q kT).</summary>
internal sealed class ClipAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } = [new((AttentionOperand.Query, AttentionOperand.Key))];
}
