using Sclip.Formats.Regions;
using Sclip.Labels;

namespace Sclip.Formats.Writing;

/// <summary>A picture to export.</summary>
/// <param name="number">Its place among the results, from 1 on; what is left out does not change it.</param>
/// <param name="image">Its name in the results.</param>
/// <param name="split">The part of the data set that it is of.</param>
/// <param name="confidence">Its mean confidence, where known.</param>
/// <param name="map">What is exported of its labels.</param>
/// <param name="minArea">The pixels that a region has at least.</param>
internal sealed class LabelledPicture(long number, string image, string split, double? confidence, LabelMap map, int minArea)
{
    public long Number => number;

    public string Image => image;

    public string Split => split;

    /// <summary>The name without ending, which files of the export are called by.</summary>
    public string Stem { get; } = Path.ChangeExtension(image, null);

    public double? Confidence => confidence;

    public LabelMap Map => map;

    /// <summary>The regions, found once asked for.</summary>
    public RegionMap Regions => field ??= RegionMap.Of(map, minArea);
}
