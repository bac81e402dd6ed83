using Sclip.Contracts;
using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// Pascal VOC segmentation: <c>SegmentationClass/NAME.png</c> (palette, the class index of each pixel, 255 where there is none),
/// <c>ImageSets/Segmentation/SPLIT.txt</c> (a name a line) and <c>labelmap.txt</c>. With objects also <c>SegmentationObject/NAME.png</c>,
/// <c>Annotations/NAME.xml</c> and <c>ImageSets/Main/SPLIT.txt</c>.
/// </summary>
internal sealed class VocWriter : IFormatWriter
{
    /// <summary>The value of pixels that count for nothing.</summary>
    public const int Void = 255;

    private readonly ExportContext _context;
    private readonly PerSplit<StreamWriter> _names;
    private readonly PerSplit<StreamWriter>? _objectNames;
    private readonly VocObjects? _objects;
    private readonly VocLabelMap _labels;
    private readonly RgbColor[] _palette = Palette.PascalVoc(Void + 1);
    private readonly ushort[] _table;
    private bool _hasVoid;
    private long _crowded, _unlisted;

    public VocWriter(ExportContext context, bool withObjects)
    {
        _context = context;
        _names = Lists(context, "Segmentation");
        _labels = new VocLabelMap(context);
        if (withObjects)
            (_objects, _objectNames) = (new VocObjects(context, _labels), Lists(context, "Main"));
        _palette[Void] = VocLabelMap.VoidColor;
        _table = [.. context.Kept.Select((kept, i) => (ushort)(kept ? i : Void)), Void];
        foreach (var (index, _) in context.KeptClasses)
            _palette[index] = context.Colors[index];
    }

    public static string PictureAt(LabelledPicture picture) => $"JPEGImages/{picture.Stem}.jpg";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (map, stem) = (picture.Map, picture.Stem);
        var values = map.Map<ushort>(_table);
        var hasVoid = values.AsSpan().Contains((ushort)Void);
        var files = new List<PictureFile> { new($"SegmentationClass/{stem}.png", Png(values, map.Width, map.Height, _palette)) };
        var isCrowded = _objects?.Add(picture, files) ?? false;
        // The picture itself is not held until it is added.
        var (names, objectNames) = (_names[picture], _objectNames?[picture]);
        return new EncodedPicture(files, async _ =>
        {
            _hasVoid |= hasVoid;
            _crowded += isCrowded ? 1 : 0;
            // Readers drop blanks around a line, and pass over one that begins with '#'.
            _unlisted += stem.StartsWith('#') || stem.Trim() != stem ? 1 : 0;
            await names.WriteAsync(stem + "\n");
            if (objectNames is not null)
                await objectNames.WriteAsync(stem + "\n");
        });
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _names.ForEachAsync(names => names.FlushAsync(cancellationToken));
        if (_objectNames is not null)
            await _objectNames.ForEachAsync(names => names.FlushAsync(cancellationToken));
        await _labels.WriteAsync(_hasVoid);
        if (_context.Options.Split.Contains('_', StringComparison.Ordinal))
            _context.Notices.Add($"CVAT and Datumaro pass over lists with '_' in their names, so over {_context.Options.Split}.txt; choose another --split for them.");
        if (_unlisted > 0)
            _context.Notices.Add($"names of pictures that begin with '#', or with a blank at either end, are not found by readers of ImageSets ({_unlisted} here). Rename them and label them again.");
        if (_crowded > 0)
            _context.Notices.Add($"SegmentationObject holds {VocObjects.Most} objects of a picture: {_crowded} with more {(_crowded == 1 ? "has" : "have")} no such file, and boxes alone.");
        if (_objects is not null && _context.Options.Things.Count > 0)
            _context.Notices.Add("CVAT and Datumaro take classes of pixels from SegmentationObject, and so of --things alone; for the other classes there, export without --things, or as voc.");
    }

    public async ValueTask DisposeAsync()
    {
        await _names.DisposeAsync();
        if (_objectNames is not null)
            await _objectNames.DisposeAsync();
    }

    /// <summary>A palette PNG.</summary>
    public static byte[] Png(ReadOnlySpan<ushort> values, int width, int height, RgbColor[] palette)
    {
        using var png = new MemoryStream();
        MaskEncoder.Write(png, values, width, height, palette);
        return png.ToArray();
    }

    private static PerSplit<StreamWriter> Lists(ExportContext context, string set) => new(context.Splits, split => new StreamWriter(context.Folder.Create($"ImageSets/{set}/{split}.txt")));
}
