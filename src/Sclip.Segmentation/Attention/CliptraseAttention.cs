namespace Sclip.Segmentation.Attention;

/// <summary>
/// CLIPtrase's features (arXiv 2407.08268, section 3.1): softmax(q qT) + softmax(k kT) + softmax(v vT) in the last block, residual and MLP kept, as in the
/// authors' code (leaves162/CLIPtrase). Their regions are a method of their own (<see cref="CliptraseClusters"/>).
/// </summary>
internal sealed class CliptraseAttention : ILastBlockMethod
{
    public IReadOnlyList<AttentionTerm> Terms { get; } =
        [AttentionTerm.Self(AttentionOperand.Query), AttentionTerm.Self(AttentionOperand.Key), AttentionTerm.Self(AttentionOperand.Value)];
}
