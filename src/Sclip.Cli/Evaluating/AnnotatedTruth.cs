using Sclip.Contracts.Jobs;
using Sclip.Evaluation;
using Sclip.Evaluation.Predictions;
using Sclip.Formats.Importing;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Cli.Evaluating;

/// <summary>
/// Annotations of others as ground truth. A prediction goes with the picture of its path, with or without ending; else with the only one that has
/// a folder more, or less, before it.
/// </summary>
internal sealed class AnnotatedTruth : IGroundTruth, IDisposable
{
    private readonly IAnnotationSet _set;
    private readonly ImportTarget _target;
    private readonly HashSet<string> _names;
    private readonly ILookup<string, string> _byStem, _byLast;
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public AnnotatedTruth(IAnnotationSet set, ImportTarget target, string root, CancellationToken cancellationToken)
    {
        (_set, _target, Root) = (set, target, root);
        _names = set.Pictures(cancellationToken).ToHashSet(StringComparer.Ordinal);
        _byStem = _names.ToLookup(StemOf, StringComparer.Ordinal);
        _byLast = _names.ToLookup(name => Path.GetFileName(StemOf(name)), StringComparer.Ordinal);
    }

    public string Root { get; }

    public bool IgnoresByPlan => true;

    /// <summary>The value of pixels that do not count.</summary>
    public int Void => _target.Void;

    public bool Has(string picture) => Find(picture) is not null;

    public IEnumerable<string> Without(MaskFolder predictions) => _names.Where(name => !_taken.ContainsKey(name));

    public string PathOf(string picture) => $"{Root}, '{JobNames.Shown(Find(picture) ?? picture)}'";

    public LabelMap Read(string picture, ImageLimits limits, ColorCode? colors)
    {
        try
        {
            var map = _target.Map(_set.Read(Find(picture)!));
            map.Labels.AsSpan().Replace(LabelMap.Nothing, _target.Void);
            return map;
        }
        catch (ImportException error)
        {
            throw new EvaluationException($"{PathOf(picture)}: {error.Message}", error);
        }
    }

    public bool IsSameAs(MaskFolder predictions) => false;

    public string Describe() => $"There are no pictures in {Root}.";

    public void Dispose() => _set.Dispose();

    private static string StemOf(string name) => ImageDecoder.HasEnding(name) ? Path.ChangeExtension(name, null) : name;

    private string? Find(string picture)
    {
        if (Only(picture, Candidates(picture)) is not { } found)
            return null;
        lock (_gate)
            if (!_taken.TryAdd(found, picture) && _taken[found] != picture)
                throw new EvaluationException($"The predictions of '{JobNames.Shown(_taken[found])}' and '{JobNames.Shown(picture)}' may both be those of '{JobNames.Shown(found)}' in {Root}. Give the folder of predictions from where its paths are those of the ground truth.");
        return found;
    }

    /// <summary>The pictures that a prediction's may be: the one of its path; else those without ending; else those with folders more or less.</summary>
    private string[] Candidates(string picture)
    {
        if (_names.Contains(picture))
            return [picture];
        return _byStem[picture].ToArray() is { Length: > 0 } same
            ? same
            : [.. _byLast[Path.GetFileName(StemOf(picture))].Where(name => IsBelow(name, picture) || IsBelow(StemOf(name), picture))];

        static bool IsBelow(string name, string picture) => EndsWith(name, picture) || EndsWith(picture, name);
    }

    private static bool EndsWith(string longer, string shorter) => longer.Length > shorter.Length && longer.EndsWith(shorter, StringComparison.Ordinal) && longer[^(shorter.Length + 1)] == '/';

    private string? Only(string picture, string[] names) => names switch
    {
        [] => null,
        [var only] => only,
        [var first, var second, ..] => throw new EvaluationException(
            $"'{JobNames.Shown(first)}' and '{JobNames.Shown(second)}' in {Root} may both be the ground truth of '{JobNames.Shown(picture)}', which the predictions do not tell apart: give predictions with the pictures' endings in their names, or take one of the two away."),
    };
}
