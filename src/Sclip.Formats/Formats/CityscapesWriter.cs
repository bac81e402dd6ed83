using System.Buffers;
using System.Globalization;
using Sclip.Contracts;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Formats;

/// <summary>
/// Cityscapes: below <c>gtFine/SPLIT/CITY/</c> for each picture <c>NAME_gtFine_labelIds.png</c>, <c>…_labelTrainIds.png</c> (grey), <c>…_instanceIds.png</c>
/// (grey, 16 bits), <c>…_color.png</c> (RGB) and <c>…_polygons.json</c>, which gives the label ids where it is drawn as Cityscapes' scripts do; <c>labels.tsv</c>
/// holds names, ids and colours, and <c>label_colors.txt</c> names that are not Cityscapes' own. The city is the picture's folder.
/// </summary>
internal sealed class CityscapesWriter : IFormatWriter
{
    private const string PictureEnding = "_leftImg8bit", NoCity = "images", GroupEnding = "group";
    private static readonly RgbColor Black = new(0, 0, 0);
    private readonly ExportContext _context;
    private readonly CityscapesLabel[] _labels;
    private readonly CityscapesInstances _instances;
    private readonly bool _areOwn;
    private readonly byte[] _ids, _trainIds;
    private readonly RgbColor[] _colors;
    private bool _anyVoid;

    public CityscapesWriter(ExportContext context)
    {
        _context = context;
        (_labels, _areOwn) = CityscapesLabels.Of(context.Classes, context.Kept, context.Colors, context.Options.Things);
        _instances = new CityscapesInstances(context, _labels);
        _ids = context.Table(index => _labels[index].Id, nothing: 0);
        _trainIds = context.Table(index => _labels[index].TrainId, nothing: CityscapesLabels.Ignored);
        _colors = [.. _labels.Select((label, i) => context.Kept[i] ? label.Color : Black), Black];
        if (!_areOwn)
            CityscapesColors.Write(context);
        else if (context.Options.Things.Count > 0)
            context.Notices.Add("--things is not used: all names are Cityscapes' own, and so are the things.");
        using var table = new StreamWriter(context.Folder.Create("labels.tsv"));
        table.Write("name\tid\ttrainId\tcolor\n");
        foreach (var (index, label) in context.KeptClasses)
            table.Write(string.Create(CultureInfo.InvariantCulture, $"{label.Name}\t{_labels[index].Id}\t{_labels[index].TrainId}\t{_labels[index].Color}\n"));
    }

    public static string PictureAt(LabelledPicture picture) => $"leftImg8bit/{NameOf(picture)}{PictureEnding}.png";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (map, name) = (picture.Map, $"gtFine/{NameOf(picture)}_gtFine_");
        var regions = VoidRegions.With(map, picture.Regions, (ushort)_labels.Length);
        var hasVoid = regions != picture.Regions;
        var drawn = new DrawnOutlines(regions, _context.Options.Tolerance);
        var (values, groups) = _instances.Of(regions, drawn.Regions);
        return new EncodedPicture(
            [
                new PictureFile($"{name}labelIds.png", PngWriter.Grey(map.Map<byte>(_ids), map.Width, map.Height)),
                new PictureFile($"{name}labelTrainIds.png", PngWriter.Grey(map.Map<byte>(_trainIds), map.Width, map.Height)),
                new PictureFile($"{name}instanceIds.png", Instances(regions, values)),
                new PictureFile($"{name}color.png", PngWriter.Rgb(new RgbImage(map.Width, map.Height, Colors(map)))),
                new PictureFile($"{name}polygons.json", Polygons(regions, drawn, groups)),
            ],
            _ =>
            {
                _instances.Add(groups.Count);
                _anyVoid |= hasVoid;
                return Task.CompletedTask;
            },
            Loss: drawn.Loss);
    }

    public Task EndAsync(CancellationToken cancellationToken)
    {
        _instances.End();
        if (_anyVoid)
            _context.Notices.Add("Some pixels have no class, which is 255 in _gtFine_labelTrainIds.png: training leaves them out, and CVAT refuses them; for CVAT, export all classes, without --min-area and limits of doubt.");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A picture's split, city and name; a city is one folder.</summary>
    private static string NameOf(LabelledPicture picture)
    {
        var stem = picture.Stem.EndsWith(PictureEnding, StringComparison.Ordinal) ? picture.Stem[..^PictureEnding.Length] : picture.Stem;
        var slash = stem.LastIndexOf('/');
        return $"{picture.Split}/{(slash < 0 ? NoCity : stem[..slash].Replace('/', '_'))}/{stem[(slash + 1)..]}";
    }

    private static byte[] Instances(RegionMap regions, ushort[] values)
    {
        var length = regions.Ids.Length;
        var pixels = ArrayPool<ushort>.Shared.Rent(length);
        try
        {
            for (int i = 0, end; i < length; i = end)
            {
                var id = regions.Ids[i];
                var run = regions.Ids.AsSpan(i).IndexOfAnyExcept(id);
                end = run < 0 ? length : i + run;
                pixels.AsSpan(i, end - i).Fill(id == RegionMap.None ? (ushort)0 : values[id]);
            }
            return PngWriter.Grey(pixels.AsSpan(0, length), regions.Width, regions.Height);
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(pixels);
        }
    }

    private byte[] Colors(LabelMap map)
    {
        var pixels = new byte[3 * map.Labels.Length];
        for (int i = 0, end; i < map.Labels.Length; i = end)
        {
            var label = map.Labels[i];
            var length = map.Labels.AsSpan(i).IndexOfAnyExcept(label);
            end = length < 0 ? map.Labels.Length : i + length;
            var color = _colors[Math.Min(label, _colors.Length - 1)];
            for (var run = pixels.AsSpan(3 * i, 3 * (end - i)); run.Length > 0; run = run[3..])
                (run[0], run[1], run[2]) = (color.R, color.G, color.B);
        }
        return pixels;
    }

    private byte[] Polygons(RegionMap regions, DrawnOutlines drawn, HashSet<int> groups) => JsonText.Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("imgHeight", regions.Height);
        json.WriteNumber("imgWidth", regions.Width);
        json.WriteStartArray("objects");
        foreach (var region in drawn.Regions)
        {
            json.WriteStartObject();
            json.WriteString("label", NameOf(region, groups));
            json.WriteStartArray("polygon");
            foreach (var vertex in drawn.Ring(region))
            {
                json.WriteStartArray();
                json.WriteNumberValue((int)vertex.X);
                json.WriteNumberValue((int)vertex.Y);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private string NameOf(Region region, HashSet<int> groups)
    {
        var label = region.Class < _labels.Length ? _labels[region.Class] : CityscapesLabels.Unlabeled;
        // What Cityscapes' scripts make of a group has no instances.
        return _areOwn && groups.Contains(region.Index) ? label.Name + GroupEnding : label.Name;
    }
}
