using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// COCO's instances: <c>annotations/instances_SPLIT.json</c>, where each region is an object: a polygon, or compressed run lengths where it has
/// holes, which COCO's polygons do not know.
/// </summary>
internal sealed class CocoInstancesWriter : IFormatWriter
{
    private readonly ExportContext _context;
    private readonly CocoDocument _document;

    public CocoInstancesWriter(ExportContext context)
    {
        _context = context;
        _document = new CocoDocument(context, $"annotations/instances_{context.Options.Split}.json", (json, index) =>
        {
            json.WriteString("supercategory", context.Classes[index].Name);
            json.WriteString("color", context.Colors[index].ToString());
        });
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (regions, shapes, head) = (picture.Regions, _context.Options.Shapes, LabelledPictureHead.Of(picture, _context));
        var outlines = shapes == ExportShapes.Mask ? null : new Outlines(regions, _context.Options.Tolerance);
        var segments = regions.Regions.Select(region => new CocoSegment(region, outlines is null || (shapes == ExportShapes.Auto && outlines.HasHoles(region))
            ? CocoSegment.Mask(CocoRle.Encode(regions.Ids, region.Index, regions.Width, regions.Height, region.Box), regions.Width, regions.Height)
            : CocoSegment.Polygon(outlines.Ring(region)))).ToList();
        return new EncodedPicture([], token => _document.AddAsync(head, segments, token));
    }

    public Task EndAsync(CancellationToken cancellationToken) => _document.EndAsync(cancellationToken);

    public ValueTask DisposeAsync() => _document.DisposeAsync();
}
