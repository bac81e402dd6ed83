namespace Sclip.Segmentation.Systems;

/// <summary>
/// The product's own config.json, for systems whose authors publish weights alone: the sizes of the two towers, where a key's absence means those of
/// CLIP ViT-B/16.
/// </summary>
internal static class OwnConfig
{
    private const float Epsilon = 1e-5f;

    /// <summary>Reads the sizes.</summary>
    /// <param name="root">The file.</param>
    /// <param name="layers">Blocks of the vision tower.</param>
    /// <param name="trained">What the file says of the system itself.</param>
    /// <exception cref="ModelFormatException">A size is no size, or a width no multiple of its heads.</exception>
    public static ClipConfig Read(ConfigSection root, int layers, TrainedConfig trained)
    {
        return new ClipConfig
        {
            Vision = Transformer(root.Number("width", 768), layers, root.Number("heads", 12)),
            Text = Transformer(root.Number("text_width", 512), root.Number("text_layers", 12), root.Number("text_heads", 8)),
            ImageSize = root.Number("image_size", 224),
            PatchSize = root.Number("patch_size", 16),
            ContextLength = root.Number("context_length", 77),
            VocabularySize = root.Number("vocab_size", 49408),
            EmbeddingSize = root.Number("embed_dim", 512),
            Trained = trained,
        };

        TransformerConfig Transformer(int width, int blocks, int heads) => width % heads == 0
            ? new(width, 4 * width, blocks, heads, Activation.QuickGelu, Epsilon)
            : throw new ModelFormatException($"{root.Path}: the width {width} is no multiple of its {heads} heads.");
    }
}
