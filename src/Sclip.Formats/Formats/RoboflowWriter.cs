using Sclip.Formats.Regions;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// COCO as Roboflow lays it: <c>SPLIT/_annotations.coco.json</c> beside the pictures, a polygon a region. Category 0 stands above all classes, and the ids of
/// the others run on without gaps, since its trainers count categories to know how many classes there are. The validation part is called <c>valid</c>.
/// </summary>
internal sealed class RoboflowWriter : IFormatWriter
{
    private readonly ExportContext _context;
    private readonly PerSplit<CocoDocument> _documents;

    public RoboflowWriter(ExportContext context)
    {
        _context = context;
        var root = "objects";
        while (context.Classes.Any(label => label.Name == root))
            root = $"all {root}";
        _documents = new PerSplit<CocoDocument>(context.Splits, split =>
            new CocoDocument(context, $"{FolderOf(split)}/_annotations.coco.json", (json, _) => json.WriteString("supercategory", root), root));
    }

    public static string PictureAt(LabelledPicture picture) => $"{FolderOf(picture.Split)}/{picture.Image}";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (regions, head) = (picture.Regions, LabelledPictureHead.Of(picture, _context));
        var outlines = new Outlines(regions, _context.Options.Tolerance);
        var segments = regions.Regions.Select(region => new CocoSegment(region, CocoSegment.Polygon(outlines.Ring(region)))).ToList();
        return new EncodedPicture([], token => _documents[picture].AddAsync(head, segments, token), Loss: outlines.Loss);
    }

    public Task EndAsync(CancellationToken cancellationToken) => _documents.ForEachAsync(document => document.EndAsync(cancellationToken));

    public ValueTask DisposeAsync() => _documents.DisposeAsync();

    private static string FolderOf(string split) => split == ExportOptions.ValidationSplit ? "valid" : split;
}
