using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Sclip.Workbench.Judging;

/// <summary>
/// The changes that gain something, the best first: by wishes, then by mIoU, then names that somebody has put to the class already before others (a wish alone is fulfilled by
/// many names that mean something else), then by the wishes' shares and by how clearly a name wins there. The best of many is fitted to the pictures that it was chosen by, so
/// what is told of it beside is <see cref="CrossValidation"/>: the choice is made anew without each fold of the pictures, and what it gains on these is counted.
/// </summary>
/// <param name="candidates">What the names are to the classes.</param>
internal sealed class Ranking(Candidates candidates)
{
    private const int Most = 12;

    // Of words that a model hardly tells apart, such as one and its plural, one is enough.
    private const float NearEqual = 0.95f;

    private readonly ConcurrentBag<Finding> _findings = [];
    private int _tried;

    /// <summary>How many were tried.</summary>
    public int Tried => _tried;

    /// <summary>Takes one up that gains something; several threads may at a time.</summary>
    public void Add(Finding finding, Gain? gain)
    {
        Interlocked.Increment(ref _tried);
        if (gain is not null)
            _findings.Add(finding with { Gain = gain });
    }

    /// <summary>
    /// The best, each with the gain of choosing like that on pictures that were left out: of the first, of choosing among all changes; of each other, among changes of its
    /// kind to its class. Null without ground truth, or with one picture.
    /// </summary>
    public IReadOnlyList<(Finding Finding, CrossValidation? OnOthers)> Best()
    {
        var best = new List<Finding>();
        foreach (var finding in Ordered(_findings, left: null))
        {
            if (best.Count == Most)
                break;
            if (!best.Any(other => IsLike(finding, other)))
                best.Add(finding);
        }
        return [.. best.Select((finding, i) => (finding, Validate(i == 0 ? _findings : _findings.Where(other => other.Change == finding.Change && other.Class == finding.Class), finding.Gain!.OnFolds.Folds)))];
    }

    private IEnumerable<Finding> Ordered(IEnumerable<Finding> findings, int? left) => findings.Where(finding => finding.Gain!.IsChoosable(left))
        .OrderByDescending(finding => finding.Gain!.HeldMore)
        .ThenByDescending(finding => finding.Gain!.OnFolds.Without(left))
        .ThenByDescending(finding => finding is not { Change: ChangeKind.Add, Class: { } label, Name: { } name } || candidates.IsRelated(name, label))
        .ThenByDescending(finding => finding.Gain!.Shares)
        .ThenByDescending(finding => finding.Gain!.Margin)
        .ThenBy(finding => finding.Class).ThenBy(finding => finding.Name, StringComparer.Ordinal).ThenBy(finding => finding.Value);

    private CrossValidation? Validate(IEnumerable<Finding> findings, int folds)
    {
        if (folds < 2)
            return null;
        // Where nothing would have been chosen, nothing changes.
        var gains = Enumerable.Range(0, folds).Select(fold => Ordered(findings, fold).FirstOrDefault()?.Gain!.OnFolds.Of[fold] ?? 0).ToArray();
        return new CrossValidation(gains.Average(), folds, gains.Count(gain => gain > 0));
    }

    private static bool IsLike(Finding one, Finding other) => one.Change == other.Change && one.Class == other.Class
        && (one.Change == ChangeKind.Threshold || (one.Change == ChangeKind.Add && TensorPrimitives.Dot(one.Embedding, other.Embedding) >= NearEqual));
}

/// <summary>What choosing a change gains on pictures that it was not chosen by.</summary>
/// <param name="Gain">The mean gain of mIoU on the left-out pictures.</param>
/// <param name="Folds">How often some were left out.</param>
/// <param name="Better">How often it gained on them.</param>
internal sealed record CrossValidation(double Gain, int Folds, int Better);
