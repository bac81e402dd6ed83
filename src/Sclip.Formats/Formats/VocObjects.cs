using System.Globalization;
using System.Text;
using System.Xml;
using Sclip.Contracts;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Formats;

/// <summary>
/// Pascal VOC's objects, each a region of a class of things: <c>SegmentationObject/NAME.png</c>, the number of each pixel's object from 1 on (0 where there is
/// none, 255 where there is no class), and <c>Annotations/NAME.xml</c>, their boxes in the order of the numbers.
/// </summary>
internal sealed class VocObjects
{
    /// <summary>The objects of a picture that 8 bits can number beside none and void.</summary>
    public const int Most = VocWriter.Void - 1;

    private static readonly XmlWriterSettings Settings = new() { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) };
    // Readers of objects tell them by these colours, not by the values.
    private static readonly RgbColor[] Colors = [.. Palette.PascalVoc(VocWriter.Void), VocLabelMap.VoidColor];
    private readonly VocLabelMap _labels;
    private readonly bool[] _isThing;

    public VocObjects(ExportContext context, VocLabelMap labels)
    {
        var things = context.Options.Things;
        _labels = labels;
        _isThing = [.. context.Classes.Select((_, i) => context.Kept[i] && (things.Count > 0 ? things.Contains(i) : i != context.Background))];
    }

    /// <summary>Adds a picture's files.</summary>
    /// <returns>Whether there are more objects than numbers, so that they have boxes alone.</returns>
    public bool Add(LabelledPicture picture, List<PictureFile> files)
    {
        var regions = picture.Regions;
        var things = regions.Regions.Where(region => _isThing[region.Class]).ToArray();
        files.Add(new PictureFile($"Annotations/{picture.Stem}.xml", Annotation(picture, things)));
        // Readers take the classes of pixels by their objects where there is such a file: what it cannot hold would be lost.
        if (things.Length > Most)
            return true;
        var numbers = new ushort[regions.Regions.Count];
        foreach (var (i, thing) in things.Index())
            numbers[thing.Index] = (ushort)(i + 1);
        var values = new ushort[regions.Ids.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = regions.Ids[i] == RegionMap.None ? (ushort)VocWriter.Void : numbers[regions.Ids[i]];
        files.Add(new PictureFile($"SegmentationObject/{picture.Stem}.png", VocWriter.Png(values, regions.Width, regions.Height, Colors)));
        return false;
    }

    private byte[] Annotation(LabelledPicture picture, IEnumerable<Region> objects)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
            try
            {
                xml.WriteStartElement("annotation");
                xml.WriteElementString("folder", "JPEGImages");
                // Below that folder, with the folders between.
                xml.WriteElementString("filename", VocWriter.PictureAt(picture)["JPEGImages/".Length..]);
                xml.WriteStartElement("size");
                Write(xml, "width", picture.Map.Width);
                Write(xml, "height", picture.Map.Height);
                Write(xml, "depth", 3);
                xml.WriteEndElement();
                Write(xml, "segmented", 1);
                foreach (var region in objects)
                    WriteObject(xml, region);
                xml.WriteEndElement();
            }
            catch (ArgumentException error)
            {
                throw new PictureException($"its name, or that of a class, holds characters that XML cannot ({error.Message}). Rename it and label it again.");
            }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private void WriteObject(XmlWriter xml, Region region)
    {
        xml.WriteStartElement("object");
        xml.WriteElementString("name", _labels[region.Class]);
        xml.WriteElementString("pose", "Unspecified");
        Write(xml, "truncated", 0);
        Write(xml, "difficult", 0);
        // From 1 on, and the last pixel is inside.
        xml.WriteStartElement("bndbox");
        Write(xml, "xmin", region.Box.Left + 1);
        Write(xml, "ymin", region.Box.Top + 1);
        Write(xml, "xmax", region.Box.Right);
        Write(xml, "ymax", region.Box.Bottom);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, string name, int value) => xml.WriteElementString(name, value.ToString(CultureInfo.InvariantCulture));
}
