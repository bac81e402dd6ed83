using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Workbench.Judging;

/// <summary>
/// The classes that are typed beside those of the ground truth, matched by their names (and one background by the other, whatever they are called), in one numbering: first
/// those of the ground truth, then those that it has not.
/// </summary>
internal sealed class ClassMatch
{
    /// <param name="labels">The classes that are typed.</param>
    /// <param name="truth">Those of the ground truth.</param>
    public ClassMatch(LabelSet labels, IReadOnlyList<LabelClass> truth)
    {
        var numbers = truth.Index().GroupBy(item => item.Item.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(item => item.Key, item => item.First().Index, StringComparer.OrdinalIgnoreCase);
        var names = truth.Select(item => item.Name).ToList();
        if (labels.BackgroundClass is { } typed && LabelSet.BackgroundOf(truth) is { } background
            && !numbers.ContainsKey(labels.Classes[typed].Name) && !labels.Classes.Any(item => numbers.TryGetValue(item.Name, out var number) && number == background))
            numbers[labels.Classes[typed].Name] = background;
        OfTyped = [.. labels.Classes.Select(item =>
        {
            if (numbers.TryGetValue(item.Name, out var number))
                names[number] = item.Name;
            else
                names.Add(item.Name);
            return (ushort)(numbers.ContainsKey(item.Name) ? number : names.Count - 1);
        })];
        (InTruth, Names) = (truth.Count, names);
    }

    /// <summary>The number of each class that is typed.</summary>
    public ushort[] OfTyped { get; }

    /// <summary>How many the ground truth has.</summary>
    public int InTruth { get; }

    /// <summary>All names, as they are typed.</summary>
    public IReadOnlyList<string> Names { get; }
}
