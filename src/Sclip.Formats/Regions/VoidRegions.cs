using Sclip.Labels;

namespace Sclip.Formats.Regions;

/// <summary>Regions together with those of no class, for readers that draw the former over the whole of their insides.</summary>
internal static class VoidRegions
{
    /// <summary>The regions of a picture, and of its pixels without a class those that may lie within another region, which the border does not touch.</summary>
    /// <param name="map">The labels.</param>
    /// <param name="regions">Its regions.</param>
    /// <param name="label">The class by which regions of no class are known.</param>
    public static RegionMap With(LabelMap map, RegionMap regions, ushort label)
    {
        if (!map.Labels.Contains(LabelMap.Nothing))
            return regions;
        var labels = (ushort[])map.Labels.Clone();
        labels.AsSpan().Replace(LabelMap.Nothing, label);
        var all = RegionMap.Of(new LabelMap(labels, map.Width, map.Height), minArea: 1);
        var isOutside = all.Regions.Select(region => region.Class == label && (region.Box.Left == 0 || region.Box.Top == 0 || region.Box.Right == map.Width || region.Box.Bottom == map.Height)).ToArray();
        foreach (ref var id in all.Ids.AsSpan())
            if (isOutside[id])
                id = RegionMap.None;
        return all;
    }
}
