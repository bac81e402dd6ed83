using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>Reads some values of masks as others, all at once: <c>0=1, 1=0</c> swaps two.</summary>
/// <param name="ids">Values, each with the one that is read for it; others stay.</param>
internal sealed class IdTable(IReadOnlyDictionary<int, int> ids)
{
    private readonly ushort[] _table = [.. Enumerable.Range(0, ushort.MaxValue + 1).Select(id => (ushort)ids.GetValueOrDefault(id, id))];

    // Written by many threads, all of them the same.
    private readonly bool[] _seen = new bool[ushort.MaxValue + 1];

    /// <summary>The values to be replaced that no mask had.</summary>
    public IReadOnlyList<int> Unseen => [.. ids.Keys.Where(id => !_seen[id]).Order()];

    /// <summary>Replaces the values of a mask.</summary>
    public void Apply(LabelMap mask)
    {
        foreach (ref var label in mask.Labels.AsSpan())
        {
            _seen[label] = true;
            label = _table[label];
        }
    }
}
