using Sclip.Labels;
using Sclip.Segmentation.Text;

namespace Sclip.Segmentation;

/// <summary>
/// Embeds label sets one after another, with the text transformer kept in memory: for who tries many names. Not beside the model's segmenter on the CPU, and
/// not for several threads at a time.
/// </summary>
/// <param name="model">The model; it stays the caller's.</param>
public sealed class NameEmbedder(ClipModel model) : IDisposable
{
    private TextTransformer? _text;

    /// <summary>Embeddings of a set, the same as <see cref="ClipModel.EmbedLabels"/> gives; a name's do not depend on the others of its set.</summary>
    /// <param name="labels">The names.</param>
    /// <param name="templates">Prompts, <c>{}</c> for the name.</param>
    /// <param name="cacheDirectory">Where embeddings are kept by a hash of model, names and templates; null keeps none.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <exception cref="ModelFormatException">The text transformer's weights are missing or corrupt.</exception>
    public LabelEmbeddings Embed(LabelSet labels, PromptTemplates templates, string? cacheDirectory, CancellationToken cancellationToken = default) =>
        LabelEmbeddingCache.GetOrCompute(cacheDirectory, model.EmbeddingFingerprint, labels, templates, () =>
        {
            lock (model.Threads)
                return LabelEmbedder.Embed(labels, templates, model.Tokenizer, _text ??= model.LoadText(), progress: null, cancellationToken);
        });

    /// <inheritdoc />
    public void Dispose() => _text?.Dispose();
}
