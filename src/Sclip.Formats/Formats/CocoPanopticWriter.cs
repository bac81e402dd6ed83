using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Formats;

/// <summary>
/// COCO's panoptic form: <c>annotations/panoptic_SPLIT/NAME.png</c> (RGB, the segment of each pixel as r + 256 g + 65536 b, 0 where there is none)
/// and <c>annotations/panoptic_SPLIT.json</c>. All of a class of stuff is one segment, whose id is its category; each region of a thing is one.
/// </summary>
internal sealed class CocoPanopticWriter : IFormatWriter
{
    private const int MostSegments = 1 << 24;
    private readonly ExportContext _context;
    private readonly PerSplit<CocoDocument> _documents;
    private readonly bool[] _isThing;

    public CocoPanopticWriter(ExportContext context)
    {
        _context = context;
        _isThing = [.. context.Classes.Select((_, i) => context.Options.Things.Contains(i))];
        var things = context.KeptClasses.Count(item => _isThing[item.Index]);
        if (things == 0)
            context.Notices.Add("No class is a thing, and panopticapi, which tells the quality of things for itself, divides by zero: name the classes whose regions are objects by --things \"a, b\".");
        else if (things == context.Kept.Count(kept => kept))
            context.Notices.Add("All classes are things, and panopticapi, which tells the quality of stuff for itself, divides by zero: leave those out of --things whose regions are no objects, such as sky.");
        _documents = new PerSplit<CocoDocument>(context.Splits, split => new CocoDocument(context, $"annotations/panoptic_{split}.json", (json, index) =>
        {
            json.WriteString("supercategory", _isThing[index] ? "thing" : "stuff");
            json.WriteNumber("isthing", _isThing[index] ? 1 : 0);
        }));
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (map, head) = (picture.Map, LabelledPictureHead.Of(picture, _context));
        var things = Array.IndexOf(_isThing, true) < 0 ? null : picture.Regions;
        var segments = new List<(int Id, Region Region)>();
        foreach (var stuff in ClassRegions.Of(map, _context.Classes.Count).Where(region => !_isThing[region.Class]))
            segments.Add((CocoDocument.CategoryOf(stuff.Class), stuff));
        // Behind the ids of all classes come those of the things.
        var firstThing = _context.Classes.Count + 1;
        foreach (var thing in things?.Regions.Where(region => _isThing[region.Class]) ?? [])
            segments.Add((firstThing + thing.Index, thing));
        if (segments.Exists(segment => segment.Id >= MostSegments))
            throw new PictureException($"it has more than {MostSegments} segments; --min-area drops small ones.");
        var stem = picture.Stem;
        var info = JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("image_id", head.Number);
            json.WriteString("file_name", $"{stem}.png");
            json.WriteStartArray("segments_info");
            foreach (var (id, region) in segments)
            {
                json.WriteStartObject();
                json.WriteNumber("id", id);
                json.WriteNumber("category_id", CocoDocument.CategoryOf(region.Class));
                json.WriteNumber("area", region.Area);
                json.WriteBox(region.Box);
                json.WriteNumber("iscrowd", 0);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
        var png = PngWriter.Rgb(new RgbImage(map.Width, map.Height, Pixels(map, things, firstThing)));
        return new EncodedPicture(
            [new PictureFile($"annotations/panoptic_{picture.Split}/{stem}.png", png)],
            token => _documents[picture].AddAsync(head, json => json.WriteRawValue(info, skipInputValidation: true), token));
    }

    public Task EndAsync(CancellationToken cancellationToken) => _documents.ForEachAsync(document => document.EndAsync(cancellationToken));

    public ValueTask DisposeAsync() => _documents.DisposeAsync();

    private byte[] Pixels(LabelMap map, RegionMap? things, int firstThing)
    {
        var pixels = new byte[3 * map.Labels.Length];
        for (var i = 0; i < map.Labels.Length; i++)
        {
            if (map.Labels[i] is var label && label == LabelMap.Nothing)
                continue;
            var id = _isThing[label] ? firstThing + things!.Ids[i] : CocoDocument.CategoryOf(label);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = ((byte)id, (byte)(id >> 8), (byte)(id >> 16));
        }
        return pixels;
    }
}
