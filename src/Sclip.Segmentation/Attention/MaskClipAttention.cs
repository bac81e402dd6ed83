namespace Sclip.Segmentation.Attention;

/// <summary>MaskCLIP (arXiv 2112.01071): every token takes its own value.</summary>
internal sealed class MaskClipAttention : IDenseMethod
{
    public void Weigh(ref AttentionRows rows) => rows.AddIdentity();
}
