using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;

namespace Sclip.Formats.Importing;

/// <summary>Several sets of the same classes as one.</summary>
internal sealed class CombinedSet : IAnnotationSet
{
    private readonly IReadOnlyList<(IAnnotationSet Set, string Prefix)> _parts;
    private readonly Dictionary<string, int> _partOf = new(StringComparer.Ordinal);

    private CombinedSet(IReadOnlyList<(IAnnotationSet Set, string Prefix)> parts) => _parts = parts;

    public string Form => _parts[0].Set.Form;

    public IReadOnlyList<LabelClass> Classes => _parts[0].Set.Classes;

    public bool LeavesBackground => _parts[0].Set.LeavesBackground;

    public IReadOnlyList<string> Notices => [.. _parts.SelectMany(part => part.Set.Notices)];

    /// <summary>Takes sets together.</summary>
    /// <param name="path">The folder that they lie in.</param>
    /// <param name="sets">The sets, their files, and what stands before the names of their pictures.</param>
    /// <param name="cancellationToken">Checked between pictures.</param>
    /// <exception cref="ImportException">They do not agree.</exception>
    public static CombinedSet Of(string path, IReadOnlyList<(IAnnotationSet Set, string File, string Prefix)> sets, CancellationToken cancellationToken)
    {
        var combined = new CombinedSet([.. sets.Select(item => (item.Set, item.Prefix))]);
        foreach (var (number, (set, file, prefix)) in sets.Index())
        {
            if (!set.Classes.Select(label => label.Name).SequenceEqual(combined.Classes.Select(label => label.Name)))
                throw Differ(path, sets.Select(item => item.File), $"{sets[0].File} and {file} have other classes");
            if (set.Form != combined.Form || set.LeavesBackground != combined.LeavesBackground)
                throw Differ(path, sets.Select(item => item.File), "they are of several kinds");
            foreach (var picture in set.Pictures(cancellationToken))
                if (!combined._partOf.TryAdd(prefix + picture, number))
                    throw Differ(path, sets.Select(item => item.File), $"'{JobNames.Shown(prefix + picture)}' is in {sets[combined._partOf[prefix + picture]].File} and in {file}");
        }
        return combined;
    }

    /// <summary>A folder whose files do not go together.</summary>
    public static ImportException Differ(string path, IEnumerable<string> files, string why) => new($"{path} holds several files, and {why}. Give one of them: {string.Join(", ", files)}.");

    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => _parts.SelectMany(part => part.Set.Pictures(cancellationToken).Select(picture => part.Prefix + picture));

    public long PixelsOf(string picture)
    {
        var (set, prefix) = _parts[_partOf[picture]];
        return set.PixelsOf(picture[prefix.Length..]);
    }

    public LabelMap Read(string picture)
    {
        var (set, prefix) = _parts[_partOf[picture]];
        return set.Read(picture[prefix.Length..]);
    }

    public void Dispose()
    {
        foreach (var (set, _) in _parts)
            set.Dispose();
    }
}
