using Sclip.Contracts;
using Sclip.Formats.Formats;
using Sclip.Formats.Writing;

namespace Sclip.Formats;

/// <summary>A format that masks are exported to.</summary>
public sealed class ExportFormat
{
    private const int HighestOfByte = 254;

    // reduce_zero_label takes a value of 255 for none: the last class would be lost.
    private const int HighestBehindZero = 253;

    private ExportFormat(string name, string description, Func<ExportContext, IFormatWriter> create) => (Name, Description, Create) = (name, description, create);

    /// <summary>All formats.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("voc", "Pascal VOC segmentation: palette PNG, 255 is void", context => new VocWriter(context, withObjects: false)) { PictureAt = VocWriter.PictureAt, HighestIndex = HighestOfByte, VoidColor = VocLabelMap.VoidColor },
        new("voc-objects", "Pascal VOC with objects: the same, object masks and boxes in XML", context => new VocWriter(context, withObjects: true)) { PictureAt = VocWriter.PictureAt, HighestIndex = HighestOfByte, VoidColor = VocLabelMap.VoidColor, HasThings = true },
        new("coco-stuff", "COCO stuff: pixel maps of category ids, and a mask a class in JSON", context => new CocoStuffWriter(context)) { PictureAt = BySplit, HighestIndex = HighestOfByte, NamesPictures = true },
        new("coco-panoptic", "COCO panoptic: PNG of segment ids, and JSON", context => new CocoPanopticWriter(context)) { PictureAt = BySplit, IsOfRegions = true, HasThings = true, NamesPictures = true },
        new("coco-instances", "COCO instances: JSON of polygons and masks", context => new CocoInstancesWriter(context)) { PictureAt = BySplit, IsOfRegions = true, Shapes = [ExportShapes.Polygon, ExportShapes.Mask], NamesPictures = true, HasOutlines = true },
        new("yolo-seg", "YOLO segmentation: a text of polygons a picture", context => new YoloWriter(context)) { PictureAt = YoloWriter.PictureAt, IsOfRegions = true, Shapes = [ExportShapes.Polygon], HasOutlines = true },
        new("ade20k", "ADE20K scene parsing: grey PNG, classes from 1", context => new Ade20kWriter(context)) { PictureAt = Ade20kWriter.PictureAt, HighestIndex = HighestBehindZero, HasThings = true },
        new("cityscapes", "Cityscapes: label ids, train ids, instance ids, colours and polygons", context => new CityscapesWriter(context)) { PictureAt = CityscapesWriter.PictureAt, HighestIndex = HighestOfByte, HasThings = true, HasOutlines = true },
        new("labelstudio", "Label Studio: tasks with predictions", context => new LabelStudioWriter(context)) { PictureAt = InImages, IsOfRegions = true, Shapes = [ExportShapes.Polygon, ExportShapes.Mask], NamesPictures = true, NamesByAddress = true, HasOutlines = true, HasNoSplits = true },
        new("cvat", "CVAT for images 1.1: XML of polygons and masks", context => new CvatWriter(context)) { PictureAt = InImages, IsOfRegions = true, Shapes = [ExportShapes.Polygon, ExportShapes.Mask], NamesPictures = true, HasOutlines = true, HasNoSplits = true },
        new("labelme", "Labelme: a JSON of polygons or masks a picture", context => new LabelmeWriter(context)) { PictureAt = InImages, IsOfRegions = true, Shapes = [ExportShapes.Polygon, ExportShapes.Mask], HasOutlines = true, HasNoSplits = true },
        new("datumaro", "Datumaro JSON: a mask a region", context => new DatumaroWriter(context)) { PictureAt = BySplit, IsOfRegions = true },
        new("roboflow-coco", "COCO as Roboflow lays it: JSON of polygons beside the pictures", context => new RoboflowWriter(context)) { PictureAt = RoboflowWriter.PictureAt, IsOfRegions = true, NamesPictures = true, HasOutlines = true },
        new("coco-sam", "COCO of SA-1B's kind: a JSON of masks a picture", context => new CocoSamWriter(context)) { PictureAt = CocoSamWriter.PictureAt, IsOfRegions = true, NamesPictures = true },
        new("mmseg", "MMSegmentation, and all that read grey masks: PNG of class indices, 255 is none", context => new MmsegWriter(context)) { PictureAt = MmsegWriter.PictureAt, HighestIndex = HighestOfByte },
        new("hf", "Hugging Face image folder: metadata.jsonl, pictures and grey masks", context => new HuggingFaceWriter(context)) { PictureAt = HuggingFaceWriter.PictureAt, HighestIndex = HighestOfByte },
        new("hf-parquet", "Hugging Face in Parquet: pictures and grey masks in columns", context => new HuggingFaceParquetWriter(context)) { PictureAt = picture => picture.Image, HoldsPictures = true, HighestIndex = HighestOfByte, NamesPictures = true },
        new("npy", "NumPy arrays of class indices", context => new NpyWriter(context)) { HasNoSplits = true },
    ];

    /// <summary>What it is called on the command line.</summary>
    public string Name { get; }

    /// <summary>What it is, in a line.</summary>
    public string Description { get; }

    /// <summary>Whether it lists regions, and so has no place for a background.</summary>
    public bool IsOfRegions { get; private init; }

    /// <summary>Whether it tells things from stuff.</summary>
    public bool HasThings { get; private init; }

    /// <summary>Whether it has outlines, which a tolerance simplifies.</summary>
    public bool HasOutlines { get; private init; }

    /// <summary>Whether it names the pictures, which may have something before their names.</summary>
    internal bool NamesPictures { get; private init; }

    /// <summary>Whether it names them by addresses, which need not be paths below the export.</summary>
    internal bool NamesByAddress { get; private init; }

    /// <summary>Whether it knows no parts of a data set.</summary>
    internal bool HasNoSplits { get; private init; }

    /// <summary>
    /// Where its readers look for a picture, below the export; where the ending is another than the picture's own, they take that kind of file only.
    /// Null where they have no such place.
    /// </summary>
    internal Func<LabelledPicture, string>? PictureAt { get; private init; }

    /// <summary>The colour of pixels without a class, which no class may have; null where none is.</summary>
    internal RgbColor? VoidColor { get; private init; }

    /// <summary>Whether it has the pictures within its own files, and none beside them.</summary>
    internal bool HoldsPictures { get; private init; }

    /// <summary>The shapes that one can choose from; empty where there is one way alone.</summary>
    internal IReadOnlyList<ExportShapes> Shapes { get; private init; } = [];

    /// <summary>The highest class index that it can hold.</summary>
    internal int HighestIndex { get; private init; } = ushort.MaxValue - 1;

    /// <summary>Makes what writes it.</summary>
    internal Func<ExportContext, IFormatWriter> Create { get; }

    /// <summary>Finds a format by its name; null where there is none.</summary>
    public static ExportFormat? Find(string name) => All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why it cannot hold classes; null where it can.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="highest">The last of them that is to be exported.</param>
    public string? Refusal(IReadOnlyList<LabelClass> classes, int highest) => highest > HighestIndex
        ? $"{Name} has 8 bits a pixel: it can hold classes up to index {HighestIndex}, and index {highest} ('{classes[highest].Name}') is to be exported. Choose fewer by --classes, or coco-panoptic, coco-instances or npy."
        : null;

    private static string BySplit(LabelledPicture picture) => $"images/{picture.Split}/{picture.Image}";

    private static string InImages(LabelledPicture picture) => $"images/{picture.Image}";
}
