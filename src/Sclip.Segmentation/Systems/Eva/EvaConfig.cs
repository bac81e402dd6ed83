namespace Sclip.Segmentation.Systems.Eva;

/// <summary>Sizes of an EVA02-CLIP's vision transformer.</summary>
/// <param name="Width">Width of a token.</param>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Hidden">Width of the MLP's hidden layer.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="ImageSize">Side of a native picture in pixels.</param>
/// <param name="RotaryGrid">Patches on a side to which the rotary positions of any grid are scaled (<c>pt_hw_seq_len</c>).</param>
/// <param name="EmbeddingSize">Width of the space that pictures and texts share.</param>
internal sealed record EvaConfig(int Width, int Layers, int Heads, int Hidden, int PatchSize, int ImageSize, int RotaryGrid, int EmbeddingSize)
{
    public int NativeGrid => ImageSize / PatchSize;
}
