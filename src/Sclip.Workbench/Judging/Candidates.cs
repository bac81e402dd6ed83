using Sclip.Contracts;
using Sclip.Evaluation.Presets;
using Sclip.Labels;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>A name that may become a synonym.</summary>
/// <param name="Name">The name.</param>
/// <param name="Classes">The classes that it may be given to; null gives it to any.</param>
internal sealed record Candidate(string Name, IReadOnlySet<int>? Classes);

/// <summary>Names that may become synonyms: those at hand that are no name of any class yet.</summary>
internal sealed class Candidates
{
    private const int MostOfPool = 2000;

    private static readonly Lazy<IReadOnlyList<string[]>> Groups = new(() => [.. BenchmarkPresets.All.SelectMany(preset => preset.Labels.Classes).Select(item => item.AllNames.ToArray()).Where(names => names.Length > 1)]);
    private readonly HashSet<string>[] _related;

    /// <param name="labels">The classes.</param>
    /// <param name="pool">The user's names, by class; those of classes that there are none of (any more) are passed over.</param>
    /// <param name="lexicon">Whether the benchmarks' names are tried, too.</param>
    /// <exception cref="LabelSetException">One cannot be a name.</exception>
    /// <exception cref="WorkbenchException">There are too many.</exception>
    public Candidates(LabelSet labels, IReadOnlyDictionary<string, IReadOnlyList<string>> pool, bool lexicon)
    {
        if (pool.Values.Any(names => names?.Contains(null!) != false))
            throw new WorkbenchException(400, "A name of the pool, or a list of them, is null.");
        if (pool.Values.Sum(names => names.Count) is > MostOfPool and var count)
            throw new WorkbenchException(400, $"{count} names are to be tried; the workbench tries {MostOfPool}, and those of the benchmarks.");
        var taken = labels.Names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = new Dictionary<string, (string Name, HashSet<int>? Classes)>(StringComparer.OrdinalIgnoreCase);
        _related = [.. labels.Classes.Select(Related)];
        foreach (var (index, item) in labels.Classes.Index())
            foreach (var name in pool.Where(entry => entry.Key.Equals(item.Name, StringComparison.OrdinalIgnoreCase)).SelectMany(entry => entry.Value).Select(Cleaned).Where(name => !taken.Contains(name)))
            {
                found.TryAdd(name, (name, []));
                found[name].Classes!.Add(index);
                _related[index].Add(name);
            }
        foreach (var name in lexicon ? Lexicon.Names.Where(name => !taken.Contains(name)) : [])
            found[name] = (found.TryGetValue(name, out var given) ? given.Name : name, null);
        // A set that is full takes none.
        All = labels.Names.Count == Session.MostNames ? [] : [.. found.Values.Select(item => new Candidate(item.Name, item.Classes))];
    }

    /// <summary>All, each once.</summary>
    public IReadOnlyList<Candidate> All { get; }

    /// <summary>Whether somebody has put a name to a class already: the user, or the authors of a benchmark, who list it with one of its names.</summary>
    public bool IsRelated(string name, int label) => _related[label].Contains(name);

    private static HashSet<string> Related(LabelClass item)
    {
        var names = item.AllNames.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Groups.Value.Where(names.Overlaps).SelectMany(group => group).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static string Cleaned(string name) => LabelSet.Of([new LabelClass { Name = name }]).Names[0];
}
