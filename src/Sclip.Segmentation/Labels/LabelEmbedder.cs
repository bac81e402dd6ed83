using System.Numerics.Tensors;
using Sclip.Segmentation.Text;

namespace Sclip.Segmentation;

/// <summary>Computes label embeddings: every name in every template, encoded, normalised, averaged, normalised.</summary>
internal static class LabelEmbedder
{
    private const int PromptsOfChunk = 512;

    public static LabelEmbeddings Embed(
        LabelSet labels, PromptTemplates templates, ClipTokenizer tokenizer, ITextEncoder encoder, IProgress<double>? progress, Action<string>? warn,
        CancellationToken cancellationToken)
    {
        var names = labels.Classes.SelectMany((item, index) => item.AllNames.Select(name => (Name: name, Class: index))).ToArray();
        var prompts = new List<(int[] Tokens, int Slot)>(names.Length * templates.Items.Count);
        for (var i = 0; i < names.Length; i++)
        {
            var truncated = false;
            for (var template = 0; template < templates.Items.Count; template++)
            {
                var tokens = tokenizer.Tokenize(templates.Fill(template, names[i].Name));
                truncated |= tokens.Truncated;
                prompts.Add((tokens.Ids, prompts.Count));
            }
            if (truncated)
                warn?.Invoke($"The class name '{names[i].Name}' is longer than the model's context; only its beginning counts.");
        }

        // Sorted by their tokens, prompts with a common beginning come together, which the encoder computes once.
        prompts.Sort((a, b) => a.Tokens.AsSpan().SequenceCompareTo(b.Tokens) is var order and not 0 ? order : a.Slot.CompareTo(b.Slot));
        var dimension = encoder.Dimension;
        var features = new float[prompts.Count * dimension];
        var encoded = new float[PromptsOfChunk * dimension];
        foreach (var chunk in prompts.Chunk(PromptsOfChunk).Select((chunk, i) => (Prompts: chunk, Done: i * PromptsOfChunk)))
        {
            progress?.Report((double)chunk.Done / prompts.Count);
            encoder.Encode([.. chunk.Prompts.Select(prompt => prompt.Tokens)], encoded, cancellationToken);
            for (var i = 0; i < chunk.Prompts.Length; i++)
                encoded.AsSpan(i * dimension, dimension).CopyTo(features.AsSpan(chunk.Prompts[i].Slot * dimension));
        }
        progress?.Report(1);

        var values = new float[names.Length * dimension];
        for (var i = 0; i < names.Length; i++)
            Average(features.AsSpan(i * templates.Items.Count * dimension, templates.Items.Count * dimension), values.AsSpan(i * dimension, dimension));
        return Describe(labels, values, dimension);
    }

    /// <summary>Embeddings of a label set whose values are known.</summary>
    public static LabelEmbeddings Describe(LabelSet labels, float[] values, int dimension) => new()
    {
        Values = values,
        Dimension = dimension,
        ClassOfName = [.. labels.Classes.SelectMany((item, index) => item.AllNames.Select(_ => index))],
        ClassCount = labels.Classes.Count,
        BackgroundClass = labels.BackgroundClass,
    };

    private static void Average(Span<float> features, Span<float> mean)
    {
        mean.Clear();
        for (var start = 0; start < features.Length; start += mean.Length)
        {
            var feature = features.Slice(start, mean.Length);
            TensorPrimitives.Divide(feature, TensorPrimitives.Norm<float>(feature), feature);
            TensorPrimitives.Add(mean, feature, mean);
        }
        TensorPrimitives.Divide(mean, TensorPrimitives.Norm<float>(mean), mean);
    }
}
