using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// COCO's stuff: <c>pixelmaps/NAME.png</c> (grey, the category of each pixel, 0 where there is none) and <c>annotations/stuff_SPLIT.json</c>, where
/// each class of a picture is one mask in compressed run lengths.
/// </summary>
internal sealed class CocoStuffWriter : IFormatWriter
{
    private readonly ExportContext _context;
    private readonly PerSplit<CocoDocument> _documents;
    private readonly byte[] _table;

    public CocoStuffWriter(ExportContext context)
    {
        _context = context;
        _table = context.Table(CocoDocument.CategoryOf, nothing: 0);
        _documents = new PerSplit<CocoDocument>(context.Splits, split => new CocoDocument(context, $"annotations/stuff_{split}.json", (json, _) => json.WriteString("supercategory", "stuff")));
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (map, head) = (picture.Map, LabelledPictureHead.Of(picture, _context));
        var segments = ClassRegions.Of(map, _context.Classes.Count)
            .ConvertAll(region => new CocoSegment(region, CocoSegment.Mask(CocoRle.Encode(map.Labels, region.Class, map.Width, map.Height, region.Box), map.Width, map.Height)));
        var png = PngWriter.Grey(map.Map<byte>(_table), map.Width, map.Height);
        return new EncodedPicture([new PictureFile($"pixelmaps/{picture.Stem}.png", png)], token => _documents[picture].AddAsync(head, segments, token));
    }

    public Task EndAsync(CancellationToken cancellationToken) => _documents.ForEachAsync(document => document.EndAsync(cancellationToken));

    public ValueTask DisposeAsync() => _documents.DisposeAsync();
}
