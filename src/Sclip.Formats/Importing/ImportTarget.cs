using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Formats.Importing;

/// <summary>The classes that annotations are brought to.</summary>
/// <param name="Classes">The classes; the index is the value in the masks.</param>
/// <param name="Table">The index of each class of the annotations, and last that of pixels without one; <see cref="LabelMap.Nothing"/> for void.</param>
public sealed record ImportTarget(IReadOnlyList<LabelClass> Classes, IReadOnlyList<ushort> Table)
{
    private const int MostOfBytes = byte.MaxValue;
    private readonly ushort[] _table = [.. Table];

    /// <summary>The value in masks of pixels that are of no class.</summary>
    public ushort Void => Classes.Count <= MostOfBytes ? (ushort)byte.MaxValue : LabelMap.Nothing;

    /// <summary>A label map of the annotations in these classes.</summary>
    public LabelMap Map(LabelMap map) => new(map.Map<ushort>(_table), map.Width, map.Height);
}
