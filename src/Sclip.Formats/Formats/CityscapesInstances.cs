using Sclip.Formats.Regions;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// Cityscapes' instances: a value a pixel, the label's id, and for regions of labels that have instances id * 1000 + n, where n counts those of the
/// label in the order in which they are drawn. What does not fit has the id alone, as groups of objects have with Cityscapes; as the largest are drawn first, these are the smallest.
/// </summary>
internal sealed class CityscapesInstances
{
    private const int MostInstances = 1000, Values = ushort.MaxValue + 1;
    private readonly ExportContext _context;
    private readonly CityscapesLabel[] _labels;
    private long _without;

    /// <exception cref="ExportException">A label's instances are too high for 16 bits.</exception>
    public CityscapesInstances(ExportContext context, CityscapesLabel[] labels)
    {
        (_context, _labels) = (context, labels);
        foreach (var (index, label) in context.KeptClasses)
            if (labels[index].HasInstances && Most(labels[index]) <= 0)
                throw new ExportException($"--things: cityscapes has 16 bits for a label's id * 1000 and the number of an instance, and '{label.Name}' has id {labels[index].Id}: things must be among the first {(Values - 1) / MostInstances} classes.");
    }

    /// <summary>The values of regions by their places, and those that are groups.</summary>
    public (ushort[] Values, HashSet<int> Groups) Of(RegionMap map, IEnumerable<Region> drawn)
    {
        var values = new ushort[map.Regions.Count];
        var counts = new int[_labels.Length];
        var groups = new HashSet<int>();
        foreach (var region in drawn.Where(region => region.Class < _labels.Length))
        {
            var label = _labels[region.Class];
            values[region.Index] = label.Id;
            if (!label.HasInstances)
                continue;
            if (counts[region.Class] < Most(label))
                values[region.Index] = (ushort)(label.Id * MostInstances + counts[region.Class]++);
            else
                groups.Add(region.Index);
        }
        return (values, groups);
    }

    /// <summary>Takes note of regions that are groups; one picture after the other.</summary>
    public void Add(int groups) => _without += groups;

    /// <summary>Tells what has no instance of its own.</summary>
    public void End()
    {
        if (_without > 0)
            _context.Notices.Add($"Regions of things that have no number of their own in _gtFine_instanceIds.png: {_without}, the smallest, as a label has {MostInstances} in a picture at most. --min-area leaves small ones out.");
    }

    private static int Most(CityscapesLabel label) => Math.Min(MostInstances, Values - label.Id * MostInstances);
}
