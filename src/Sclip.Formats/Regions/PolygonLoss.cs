namespace Sclip.Formats.Regions;

/// <summary>What polygons have otherwise than the masks.</summary>
/// <param name="Pixels">The pixels of the regions that are written as polygons.</param>
/// <param name="Changed">The pixels that the polygons leave out, or have and should not.</param>
internal readonly record struct PolygonLoss(long Pixels, long Changed)
{
    public static PolygonLoss operator +(PolygonLoss a, PolygonLoss b) => new(a.Pixels + b.Pixels, a.Changed + b.Changed);
}
