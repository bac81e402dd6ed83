using System.Numerics.Tensors;
using Sclip.Labels;
using Sclip.Segmentation.Text;

namespace Sclip.Segmentation;

/// <summary>Computes label embeddings: per name the mean over the templates of the text features, normalised; the features are normalised before where the model has it so (<see cref="ITextEncoder.NormalisesPrompts"/>).</summary>
internal static class LabelEmbedder
{
    /// <summary>Prompts that the encoder is given at once: enough to share prefixes, few enough to show progress and hold in memory.</summary>
    private const int ChunkLength = 512;

    /// <summary>Tokens of them that do not stand in the prompt before: each is a row of all the encoder's activations, and long names that share nothing have dozens.</summary>
    private const int MostNewTokens = 4096;

    /// <param name="labels">The names.</param>
    /// <param name="templates">The prompts that each name is put into.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="encoder">The model's text transformer.</param>
    /// <param name="progress">Told the share that is done, 0..1.</param>
    /// <param name="cancellationToken">Checked between chunks.</param>
    /// <exception cref="ModelFormatException">The encoder yields features that have no direction: its weights are corrupt.</exception>
    public static LabelEmbeddings Embed(
        LabelSet labels, PromptTemplates templates, ClipTokenizer tokenizer, ITextEncoder encoder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var prompts = Tokenize(labels, templates, tokenizer);
        var dimension = encoder.Dimension;
        var sums = new double[labels.Names.Count * dimension];
        var features = new float[ChunkLength * dimension];
        for (var start = 0; start < prompts.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (end, distinct) = NextChunk(prompts, start);
            encoder.Encode(distinct, features.AsSpan(0, distinct.Count * dimension), cancellationToken);
            // The order in which a name's prompts are added up is that of their tokens, so it depends on no other name and no chunk.
            for (var (i, row) = (start, 0); i < end; i++)
            {
                if (i > start && prompts[i].Ids != distinct[row])
                    row++;
                Add(features.AsSpan(row * dimension, dimension), sums.AsSpan(prompts[i].Name * dimension, dimension), labels.Names[prompts[i].Name], encoder.NormalisesPrompts);
            }
            start = end;
            progress?.Report((double)end / prompts.Length);
        }
        var values = new float[sums.Length];
        for (var name = 0; name < labels.Names.Count; name++)
        {
            var sum = sums.AsSpan(name * dimension, dimension);
            var length = Length(TensorPrimitives.SumOfSquares<double>(sum), labels.Names[name]);
            for (var i = 0; i < dimension; i++)
                values[name * dimension + i] = (float)(sum[i] / length);
        }
        return LabelEmbeddings.Of(labels, values, dimension);
    }

    /// <summary>Tells, once a name, that its prompts are longer than the context.</summary>
    public static void WarnOfTruncation(LabelSet labels, PromptTemplates templates, ClipTokenizer tokenizer, Action<string> warn)
    {
        foreach (var name in labels.Names)
            if (templates.Texts.Where((_, template) => tokenizer.Tokenize(templates.Prompt(template, name)).Truncated).FirstOrDefault() is { } text)
                warn($"The class name '{name}' is longer than the model's context in '{text}'; it is truncated there.");
    }

    /// <summary>All prompts, sorted by their tokens so that those that begin alike are neighbours; equal ones share one array.</summary>
    private static (int[] Ids, int Name)[] Tokenize(LabelSet labels, PromptTemplates templates, ClipTokenizer tokenizer)
    {
        var prompts = new (int[] Ids, int Name)[labels.Names.Count * templates.Texts.Count];
        for (var name = 0; name < labels.Names.Count; name++)
            for (var template = 0; template < templates.Texts.Count; template++)
                prompts[name * templates.Texts.Count + template] = (tokenizer.Tokenize(templates.Prompt(template, labels.Names[name])).Ids, name);
        Array.Sort(prompts, (a, b) => a.Ids.AsSpan().SequenceCompareTo(b.Ids) is not 0 and var order ? order : a.Name.CompareTo(b.Name));
        for (var i = 1; i < prompts.Length; i++)
            if (prompts[i].Ids.AsSpan().SequenceEqual(prompts[i - 1].Ids))
                prompts[i].Ids = prompts[i - 1].Ids;
        return prompts;
    }

    private static (int End, List<int[]> Distinct) NextChunk((int[] Ids, int Name)[] prompts, int start)
    {
        var distinct = new List<int[]>(ChunkLength);
        var (end, tokens) = (start, 0);
        for (; end < prompts.Length; end++)
        {
            var ids = prompts[end].Ids;
            if (distinct.Count > 0 && distinct[^1] == ids)
                continue;
            tokens += ids.Length - (distinct.Count > 0 ? ids.AsSpan().CommonPrefixLength(distinct[^1]) : 0);
            if (distinct.Count == ChunkLength || (distinct.Count > 0 && tokens > MostNewTokens))
                break;
            distinct.Add(ids);
        }
        return (end, distinct);
    }

    private static void Add(ReadOnlySpan<float> feature, Span<double> sum, string name, bool normalised)
    {
        var squares = 0.0;
        foreach (var value in feature)
            squares += (double)value * value;
        var length = Length(squares, name);
        for (var i = 0; i < feature.Length; i++)
            sum[i] += normalised ? feature[i] / length : feature[i];
    }

    private static double Length(double squares, string name) => double.IsFinite(squares) && squares > 0
        ? Math.Sqrt(squares)
        : throw new ModelFormatException($"The model's text features of '{name}' have no direction; its weights are corrupt.");
}
