using System.Globalization;
using Sclip.Contracts;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Formats;

/// <summary>
/// Cityscapes: below <c>gtFine/SPLIT/CITY/</c> for each picture <c>NAME_gtFine_labelIds.png</c>, <c>…_labelTrainIds.png</c> (grey), <c>…_color.png</c>
/// (RGB) and <c>…_polygons.json</c>; <c>labels.tsv</c> holds names, ids and colours. The city is the picture's folder.
/// </summary>
internal sealed class CityscapesWriter : IFormatWriter
{
    private const string PictureEnding = "_leftImg8bit", NoCity = "images";
    private static readonly RgbColor Black = new(0, 0, 0);
    private readonly ExportContext _context;
    private readonly CityscapesLabel[] _labels;
    private readonly byte[] _ids, _trainIds;
    private readonly RgbColor[] _colors;

    public CityscapesWriter(ExportContext context)
    {
        _context = context;
        _labels = CityscapesLabels.Of(context.Classes, context.Kept, context.Colors);
        _ids = context.Table(index => _labels[index].Id, nothing: 0);
        _trainIds = context.Table(index => _labels[index].TrainId, nothing: CityscapesLabels.Ignored);
        _colors = [.. _labels.Select((label, i) => context.Kept[i] ? label.Color : Black), Black];
        using var table = new StreamWriter(context.Folder.Create("labels.tsv"));
        table.Write("name\tid\ttrainId\tcolor\n");
        foreach (var (index, label) in context.KeptClasses)
            table.Write(string.Create(CultureInfo.InvariantCulture, $"{label.Name}\t{_labels[index].Id}\t{_labels[index].TrainId}\t{_labels[index].Color}\n"));
    }

    public static string PictureAt(LabelledPicture picture) => $"leftImg8bit/{NameOf(picture)}{PictureEnding}.png";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (map, name) = (picture.Map, $"gtFine/{NameOf(picture)}_gtFine_");
        return new EncodedPicture(
        [
            new PictureFile($"{name}labelIds.png", PngWriter.Grey(map.Map<byte>(_ids), map.Width, map.Height)),
            new PictureFile($"{name}labelTrainIds.png", PngWriter.Grey(map.Map<byte>(_trainIds), map.Width, map.Height)),
            new PictureFile($"{name}color.png", PngWriter.Rgb(new RgbImage(map.Width, map.Height, Colors(map)))),
            new PictureFile($"{name}polygons.json", Polygons(picture)),
        ]);
    }

    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A picture's split, city and name.</summary>
    private static string NameOf(LabelledPicture picture)
    {
        var stem = picture.Stem.EndsWith(PictureEnding, StringComparison.Ordinal) ? picture.Stem[..^PictureEnding.Length] : picture.Stem;
        return $"{picture.Split}/{(stem.Contains('/', StringComparison.Ordinal) ? "" : $"{NoCity}/")}{stem}";
    }

    private byte[] Colors(LabelMap map)
    {
        var pixels = new byte[3 * map.Labels.Length];
        for (var i = 0; i < map.Labels.Length; i++)
        {
            var color = _colors[Math.Min(map.Labels[i], _colors.Length - 1)];
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (color.R, color.G, color.B);
        }
        return pixels;
    }

    private byte[] Polygons(LabelledPicture picture)
    {
        var regions = picture.Regions;
        var outlines = new Outlines(regions, _context.Options.Tolerance);
        return JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("imgHeight", regions.Height);
            json.WriteNumber("imgWidth", regions.Width);
            json.WriteStartArray("objects");
            foreach (var region in regions.Regions)
            {
                json.WriteStartObject();
                json.WriteString("label", _labels[region.Class].Name);
                json.WriteStartArray("polygon");
                foreach (var vertex in outlines.Ring(region))
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(JsonText.Rounded(vertex.X));
                    json.WriteNumberValue(JsonText.Rounded(vertex.Y));
                    json.WriteEndArray();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
