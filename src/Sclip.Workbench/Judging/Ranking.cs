using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Sclip.Workbench.Judging;

/// <summary>
/// The changes that gain something, the best first: by wishes, then by what is gained on left-out pictures, then names that somebody has put to the class already
/// before others (a wish alone is fulfilled by many names that mean something else), then by the wishes' shares and by how clearly a name wins there.
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

    /// <summary>The best.</summary>
    public IReadOnlyList<Finding> Best()
    {
        var best = new List<Finding>();
        var ordered = _findings.OrderByDescending(finding => finding.Gain!.HeldMore)
            .ThenByDescending(finding => finding.Gain!.CrossValidated ?? 0)
            .ThenByDescending(finding => finding is not { Change: ChangeKind.Add, Class: { } label, Name: { } name } || candidates.IsRelated(name, label))
            .ThenByDescending(finding => finding.Gain!.Shares)
            .ThenByDescending(finding => finding.Gain!.Margin)
            .ThenBy(finding => finding.Class).ThenBy(finding => finding.Name, StringComparer.Ordinal).ThenBy(finding => finding.Value);
        foreach (var finding in ordered)
        {
            if (best.Count == Most)
                break;
            if (!best.Any(other => IsLike(finding, other)))
                best.Add(finding);
        }
        return best;
    }

    private static bool IsLike(Finding one, Finding other) => one.Change == other.Change && one.Class == other.Class
        && (one.Change == ChangeKind.Threshold || (one.Change == ChangeKind.Add && TensorPrimitives.Dot(one.Embedding, other.Embedding) >= NearEqual));
}
