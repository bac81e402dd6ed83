namespace Sclip.Segmentation.Attention;

/// <summary>CLIP as it was trained: softmax(q kT).</summary>
internal sealed class ClipAttention : IDenseMethod
{
    public void Weigh(ref AttentionRows rows) => rows.AddSoftmax(rows.Query, rows.Key);
}
