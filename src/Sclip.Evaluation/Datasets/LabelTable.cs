using System.Globalization;

namespace Sclip.Evaluation.Datasets;

/// <summary>Which class each id of a data set's ground truth means.</summary>
public sealed class LabelTable
{
    /// <summary>What stands for pixels that do not count.</summary>
    public const ushort Ignored = 65535;

    private const ushort Unknown = 65534;
    private readonly ushort[] _classOfId = new ushort[65536];

    private LabelTable() => Array.Fill(_classOfId, Unknown);

    /// <summary>Ids that are the classes' indices.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ignore">The id of pixels that do not count; null where all count.</param>
    public static LabelTable Indices(int classes, int? ignore = 255) => Of(Enumerable.Range(0, classes).Select(i => (i, (int?)i)), ignore);

    /// <summary>Ids from 1 on, where 0 is a class that is left out, whose pixels do not count (MMSegmentation's <c>reduce_zero_label</c>).</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="ignore">A further id of pixels that do not count.</param>
    public static LabelTable WithoutZero(int classes, int? ignore = 255) => Of(Enumerable.Range(0, classes).Select(i => (i + 1, (int?)i)).Prepend((0, null)), ignore);

    /// <summary>The same table for ground truth some of whose ids mean others.</summary>
    /// <param name="ids">Ids, each with the one that this table is asked for in its stead.</param>
    public LabelTable Behind(IReadOnlyDictionary<int, int> ids)
    {
        var table = new LabelTable();
        for (var id = 0; id < _classOfId.Length; id++)
            table._classOfId[id] = _classOfId[ids.GetValueOrDefault(id, id)];
        return table;
    }

    /// <summary>A table of its own.</summary>
    /// <param name="ids">Ids and their classes; null for pixels that do not count.</param>
    /// <param name="ignore">A further id of pixels that do not count, whatever the list says.</param>
    public static LabelTable Of(IEnumerable<(int Id, int? Class)> ids, int? ignore = 255)
    {
        var table = new LabelTable();
        foreach (var (id, index) in ids)
            table._classOfId[id] = (ushort?)index ?? Ignored;
        if (ignore is { } ignored)
            table._classOfId[ignored] = Ignored;
        return table;
    }

    /// <summary>The class of an id; <see cref="Ignored"/> where its pixels do not count, null where the data set has no such id.</summary>
    public ushort? this[int id] => _classOfId[id] is not Unknown and var index ? index : null;

    /// <summary>Replaces ids by classes.</summary>
    /// <returns>The first pixel whose id the table does not have; -1 where all are replaced.</returns>
    public int Translate(Span<ushort> labels)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            var index = _classOfId[labels[i]];
            if (index == Unknown)
                return i;
            labels[i] = index;
        }
        return -1;
    }

    /// <summary>The ids that there are, such as <c>0-20, 255</c>.</summary>
    public override string ToString()
    {
        var ranges = new List<string>();
        for (var id = 0; id < _classOfId.Length; id++)
        {
            if (_classOfId[id] == Unknown)
                continue;
            var first = id;
            while (id + 1 < _classOfId.Length && _classOfId[id + 1] != Unknown)
                id++;
            ranges.Add(first == id ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first}-{id}"));
        }
        return string.Join(", ", ranges);
    }
}
