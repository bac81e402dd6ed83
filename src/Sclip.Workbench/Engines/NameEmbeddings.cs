using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Workbench.Engines;

/// <summary>
/// The embeddings of names by one set of prompt templates, name by name: who types changes one name of twenty. A name that is new is embedded by a few of the
/// templates first, which answers at once, and by all when its user has settled.
/// </summary>
internal sealed class NameEmbeddings(WorkbenchEngine engine, PromptTemplates templates)
{
    // Nearly as good as all, and embedded within a keystroke.
    private const int DraftTemplates = 5;

    // Half-typed names come and go; each takes 2 kB at 512 dimensions. More than a set may have.
    private const int MostDrafts = 4000;
    private const int MostNames = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, float[]> _whole = new(StringComparer.Ordinal), _drafts = new(StringComparer.Ordinal);

    // Spread over all of them: neighbours are alike.
    private readonly PromptTemplates _few = templates.Texts.Count > 2 * DraftTemplates
        ? PromptTemplates.Of(Enumerable.Range(0, DraftTemplates).Select(i => templates.Texts[(int)((i + 0.5) * templates.Texts.Count / DraftTemplates)]))
        : templates;

    /// <summary>Whether a name is embedded by all templates.</summary>
    public bool Knows(string name)
    {
        lock (_gate)
            return _whole.ContainsKey(name);
    }

    /// <summary>Embeddings of a set; in the engine's turn.</summary>
    /// <param name="labels">The set.</param>
    /// <param name="settled">Whether all templates are to be used for all names.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    /// <returns>The embeddings, and the names among them that are drafts.</returns>
    public (LabelEmbeddings Embeddings, IReadOnlyList<string> Draft) Of(LabelSet labels, bool settled, CancellationToken cancellationToken)
    {
        var dimension = engine.Model.Config.EmbeddingSize;
        var embeddings = new float[labels.Names.Count * dimension];
        Learn(labels.Names, settled, cancellationToken);
        var draft = new List<string>();
        for (var i = 0; i < labels.Names.Count; i++)
        {
            var (values, isDraft) = Find(labels.Names[i])!.Value;
            values.CopyTo(embeddings, i * dimension);
            if (isDraft)
                draft.Add(labels.Names[i]);
        }
        return (new LabelEmbeddings
        {
            Values = embeddings,
            Dimension = dimension,
            ClassOfName = [.. labels.ClassOfName],
            ClassCount = labels.Classes.Count,
            BackgroundClass = labels.BackgroundClass,
        }, draft);
    }

    /// <summary>The embedding of a name by all templates; in the engine's turn.</summary>
    public float[] Of(string name, CancellationToken cancellationToken)
    {
        Learn([name], settled: true, cancellationToken);
        return Find(name)!.Value.Values;
    }

    /// <summary>Embeds a name ahead, and keeps it in a folder; in the engine's turn.</summary>
    public void LearnAhead(string name, string? cacheDirectory, CancellationToken cancellationToken)
    {
        var set = SetOf([name]);
        Keep(_whole, set, engine.Embedder.Embed(set, templates, cacheDirectory, cancellationToken), MostNames);
    }

    private void Learn(IReadOnlyList<string> names, bool settled, CancellationToken cancellationToken)
    {
        // A second time where the book was full, and was emptied of others of the set.
        while (names.Where(name => Find(name) is not { } found || (settled && found.IsDraft)).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } missing)
        {
            var (set, all) = (SetOf(missing), settled || ReferenceEquals(_few, templates));
            Keep(all ? _whole : _drafts, set, engine.Embedder.Embed(set, all ? templates : _few, cacheDirectory: null, cancellationToken), all ? MostNames : MostDrafts);
        }
    }

    private static LabelSet SetOf(IEnumerable<string> names) => LabelSet.Of(names.Select(name => new LabelClass { Name = name }));

    private (float[] Values, bool IsDraft)? Find(string name)
    {
        lock (_gate)
            return _whole.TryGetValue(name, out var whole) ? (whole, false) : _drafts.TryGetValue(name, out var draft) ? (draft, true) : null;
    }

    private void Keep(Dictionary<string, float[]> book, LabelSet set, LabelEmbeddings embeddings, int most)
    {
        lock (_gate)
        {
            if (book.Count + set.Names.Count > most)
                book.Clear();
            for (var i = 0; i < set.Names.Count; i++)
                book[set.Names[i]] = embeddings.Values.AsSpan(i * embeddings.Dimension, embeddings.Dimension).ToArray();
        }
    }
}
