using System.Globalization;
using System.Xml.Linq;
using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Formats.Tests.Readers;

/// <summary>Pascal VOC as CVAT and Datumaro read it: masks by their colours, each of which <c>labelmap.txt</c> has to name.</summary>
internal sealed class Voc
{
    private readonly LabelledFolder _folder;
    private readonly Dictionary<RgbColor, string> _names = [];

    public Voc(LabelledFolder folder)
    {
        _folder = folder;
        foreach (var fields in Lines("labelmap.txt").Select(line => line.Split(':')))
        {
            Assert.Equal(4, fields.Length);
            var color = fields[1].Split(',').Select(number => byte.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            Assert.DoesNotContain(fields[0], _names.Values);
            _names.Add(new RgbColor(color[0], color[1], color[2]), fields[0]);
        }
    }

    /// <summary>The labels, in order.</summary>
    public IEnumerable<string> Labels => _names.Values;

    /// <summary>The names of a part's pictures.</summary>
    public IEnumerable<string> Names(string split, string set = "Segmentation") => Lines($"ImageSets/{set}/{split}.txt");

    /// <summary>The label of each pixel.</summary>
    public string[] ClassesOf(string name)
    {
        var image = ImageDecoder.Decode(_folder.Bytes($"SegmentationClass/{name}.png"), ImageLimits.Default);
        return [.. Colors(image).Select(color => _names.TryGetValue(color, out var label) ? label : throw new InvalidDataException($"Undeclared color {color}"))];
    }

    /// <summary>The object of each pixel, told by VOC's colours; 0 for none.</summary>
    public int[] ObjectsOf(string name)
    {
        var colors = Palette.PascalVoc(256).Index().ToDictionary(item => item.Item, item => item.Index);
        return [.. Colors(ImageDecoder.Decode(_folder.Bytes($"SegmentationObject/{name}.png"), ImageLimits.Default)).Select(color => colors[color])];
    }

    /// <summary>The boxes: label, left, top, right and bottom, from 1 on and inclusive.</summary>
    public (string Label, int Left, int Top, int Right, int Bottom)[] BoxesOf(string name) =>
    [
        .. Annotation(name).Elements("object").Select(item => (item.Element("name")!.Value, Number(item, "xmin"), Number(item, "ymin"), Number(item, "xmax"), Number(item, "ymax"))),
    ];

    public XElement Annotation(string name) => XDocument.Parse(_folder.Text($"Annotations/{name}.xml")).Element("annotation")!;

    private static int Number(XElement item, string name) => (int)item.Element("bndbox")!.Element(name)!;

    private static IEnumerable<RgbColor> Colors(RgbImage image) => image.Pixels.Chunk(3).Select(rgb => new RgbColor(rgb[0], rgb[1], rgb[2]));

    private IEnumerable<string> Lines(string name) => _folder.Text(name).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
}
