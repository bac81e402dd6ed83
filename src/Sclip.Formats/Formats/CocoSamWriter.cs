using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// COCO of the kind that SA-1B has, Segment Anything's data set: <c>SPLIT/NAME.json</c> beside each picture, with <c>image</c> and <c>annotations</c>, a mask in
/// compressed run lengths a region. Each tells its class as well; what only SAM knows of a mask (its scores, points and crop) is left out.
/// </summary>
internal sealed class CocoSamWriter(ExportContext context) : IFormatWriter
{
    public static string PictureAt(LabelledPicture picture) => $"{picture.Split}/{picture.Image}";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var regions = picture.Regions;
        var file = JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("image");
            json.WriteNumber("image_id", picture.Number);
            json.WriteNumber("width", regions.Width);
            json.WriteNumber("height", regions.Height);
            json.WriteString("file_name", context.NameOf(picture));
            json.WriteEndObject();
            json.WriteStartArray("annotations");
            foreach (var region in regions.Regions)
            {
                json.WriteStartObject();
                json.WriteNumber("id", region.Index + 1);
                json.WritePropertyName("segmentation");
                json.WriteRawValue(CocoSegment.Mask(regions, region), skipInputValidation: true);
                json.WriteBox(region.Box);
                json.WriteNumber("area", region.Area);
                json.WriteNumber("category_id", CocoDocument.CategoryOf(region.Class));
                json.WriteString("category_name", context.Classes[region.Class].Name);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return new EncodedPicture([new PictureFile($"{picture.Split}/{picture.Stem}.json", file)]);
    }

    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
