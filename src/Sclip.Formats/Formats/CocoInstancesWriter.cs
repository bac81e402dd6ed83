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
    private readonly PerSplit<CocoDocument> _documents;

    public CocoInstancesWriter(ExportContext context)
    {
        _context = context;
        _documents = new PerSplit<CocoDocument>(context.Splits, split =>
            new CocoDocument(context, $"annotations/instances_{split}.json", (json, index) => json.WriteString("supercategory", context.Classes[index].Name)));
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (regions, shapes, head) = (picture.Regions, _context.Options.Shapes, LabelledPictureHead.Of(picture, _context));
        var outlines = shapes == ExportShapes.Mask ? null : new Outlines(regions, _context.Options.Tolerance);
        var segments = regions.Regions.Select(region => new CocoSegment(region, outlines is null || (shapes == ExportShapes.Auto && outlines.HasHoles(region))
            ? CocoSegment.Mask(regions, region)
            : CocoSegment.Polygon(outlines.Ring(region)))).ToList();
        return new EncodedPicture([], token => _documents[picture].AddAsync(head, segments, token), Loss: outlines?.Loss ?? default);
    }

    public Task EndAsync(CancellationToken cancellationToken) => _documents.ForEachAsync(document => document.EndAsync(cancellationToken));

    public ValueTask DisposeAsync() => _documents.DisposeAsync();
}
