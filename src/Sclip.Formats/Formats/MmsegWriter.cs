using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// Plain grey masks as MMSegmentation's <c>BaseSegDataset</c> has them: <c>ann_dir/SPLIT/NAME.png</c> (the class index of each pixel, 255 where there is none),
/// <c>classes.txt</c> (a name a line) and <c>metainfo.json</c> (classes and palette). Its pictures are <c>img_dir/SPLIT/NAME.jpg</c>.
/// </summary>
internal sealed class MmsegWriter : IFormatWriter
{
    private const byte Void = 255;
    private const string PictureEnding = ".jpg", MaskEnding = ".png";
    private readonly byte[] _table;

    public MmsegWriter(ExportContext context)
    {
        _table = context.Table(index => index, Void);
        using var classes = new StreamWriter(context.Folder.Create("classes.txt"));
        // A class is its line, so that those that are left out keep theirs.
        foreach (var label in context.Classes)
            classes.Write(label.Name + "\n");
        using var metainfo = context.Folder.Create("metainfo.json");
        metainfo.Write(JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("classes");
            foreach (var label in context.Classes)
                json.WriteStringValue(label.Name);
            json.WriteEndArray();
            json.WriteStartArray("palette");
            foreach (var color in context.Colors)
                json.WriteColor(color);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
        metainfo.Write("\n"u8);
    }

    public static string PictureAt(LabelledPicture picture) => $"img_dir/{picture.Split}/{picture.Stem}{PictureEnding}";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        // The reader finds a mask by putting its ending wherever the picture's name has the picture's, also in the midst.
        var name = $"{picture.Stem}{PictureEnding}".Replace(PictureEnding, MaskEnding, StringComparison.Ordinal);
        var map = picture.Map;
        return new EncodedPicture([new PictureFile($"ann_dir/{picture.Split}/{name}", PngWriter.Grey(map.Map<byte>(_table), map.Width, map.Height))]);
    }

    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
