namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>Sizes of a TCL model's vision side.</summary>
/// <param name="Width">Width of a token, and of the decoder.</param>
/// <param name="Layers">Blocks of the frozen CLIP.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="FrozenLayers">Blocks after which the trained copies of the others begin (<c>ie_freeze</c>).</param>
/// <param name="DecoderLayers">Stages of the decoder, each of which doubles the grid.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="ImageSize">Side of a native picture in pixels.</param>
/// <param name="EmbeddingSize">Width of the space that pictures and texts share.</param>
internal sealed record TclConfig(int Width, int Layers, int Heads, int FrozenLayers, int DecoderLayers, int PatchSize, int ImageSize, int EmbeddingSize)
{
    public int NativeGrid => ImageSize / PatchSize;

    /// <summary>Epsilon of all layer norms.</summary>
    public const float Epsilon = 1e-5f;
}
