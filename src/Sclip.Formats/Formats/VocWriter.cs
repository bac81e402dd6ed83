using System.Globalization;
using Sclip.Contracts;
using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// Pascal VOC segmentation: <c>SegmentationClass/NAME.png</c> (palette, the class index of each pixel, 255 where there is none),
/// <c>ImageSets/Segmentation/SPLIT.txt</c> (a name a line) and <c>labelmap.txt</c> (<c>name:r,g,b::</c>, as CVAT and Datumaro read it).
/// </summary>
internal sealed class VocWriter : IFormatWriter
{
    private const int Void = 255;
    private static readonly RgbColor VoidColor = new(224, 224, 192);
    private readonly PerSplit<StreamWriter> _names;
    private readonly RgbColor[] _palette = Palette.PascalVoc(Void + 1);
    private readonly ushort[] _table;

    public VocWriter(ExportContext context)
    {
        _names = new PerSplit<StreamWriter>(context.Splits, split => new StreamWriter(context.Folder.Create($"ImageSets/Segmentation/{split}.txt")));
        _palette[Void] = VoidColor;
        _table = [.. context.Kept.Select((kept, i) => (ushort)(kept ? i : Void)), Void];
        using var map = new StreamWriter(context.Folder.Create("labelmap.txt"));
        map.Write("# label:color_rgb:parts:actions\n");
        foreach (var (index, label) in context.KeptClasses)
        {
            if (label.Name.AsSpan().ContainsAny(':', '#'))
                throw new ExportException($"The class '{label.Name}' cannot stand in labelmap.txt of voc, where ':' and '#' separate. Give it another name by --labels FILE.");
            var color = _palette[index] = context.Colors[index];
            map.Write(string.Create(CultureInfo.InvariantCulture, $"{label.Name}:{color.R},{color.G},{color.B}::\n"));
        }
    }

    public static string PictureAt(LabelledPicture picture) => $"JPEGImages/{picture.Stem}.jpg";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        using var png = new MemoryStream();
        MaskEncoder.Write(png, picture.Map.Map<ushort>(_table), picture.Map.Width, picture.Map.Height, _palette);
        var stem = picture.Stem;
        return new EncodedPicture([new PictureFile($"SegmentationClass/{stem}.png", png.ToArray())], _ => _names[picture].WriteAsync(stem + "\n"));
    }

    public Task EndAsync(CancellationToken cancellationToken) => _names.ForEachAsync(names => names.FlushAsync(cancellationToken));

    public ValueTask DisposeAsync() => _names.DisposeAsync();
}
