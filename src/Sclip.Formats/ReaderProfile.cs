namespace Sclip.Formats;

/// <summary>A tool that reads exports, and what it needs of each format that it reads.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Formats">The formats that it reads; the first is the one to take where no other is asked for.</param>
public sealed record ReaderProfile(string Name, IReadOnlyList<ReaderFormat> Formats)
{
    // What ultralytics trains on needs a part to validate on.
    private const double UsualValidation = 0.1;

    /// <summary>All readers that are known.</summary>
    public static IReadOnlyList<ReaderProfile> All { get; } =
    [
        new("ultralytics", [new("yolo-seg") { Validation = UsualValidation }, new("coco-instances") { Shapes = ExportShapes.Polygon }]),
        new("supervision", [new("coco-instances") { Shapes = ExportShapes.Polygon }, new("yolo-seg")]),
        new("cvat", [new("cvat"), new("voc"), new("coco-instances"), new("cityscapes"), new("yolo-seg"), new("datumaro")]),
        new("fiftyone", [new("coco-instances"), new("cvat") { Shapes = ExportShapes.Polygon }, new("mmseg")]),
        new("detectron2", [new("coco-instances") { Shapes = ExportShapes.Polygon }, new("coco-panoptic"), new("mmseg")]),
        new("mmseg", [new("mmseg"), new("voc"), new("ade20k"), new("cityscapes")]),
    ];

    /// <summary>Finds a reader by its name; null where it is not known.</summary>
    public static ReaderProfile? Find(string name) => All.FirstOrDefault(reader => reader.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Options as the reader needs them; what it leaves open stays as it is.</summary>
    /// <exception cref="ExportException">It does not read the format, or not with what is asked for.</exception>
    public ExportOptions Apply(ExportOptions options)
    {
        var needed = Formats.FirstOrDefault(item => item.Format == options.Format.Name)
            ?? throw new ExportException($"{Name} does not read {options.Format.Name}; it reads {string.Join(", ", Formats.Select(item => item.Format))}. Leave --for or --format away, or choose one of these.");
        if (needed.Shapes is { } shapes && options.Shapes != ExportShapes.Auto && options.Shapes != shapes)
            throw new ExportException($"{Name} reads {options.Format.Name} with --shapes {shapes.ToString().ToLowerInvariant()} only; leave --shapes away.");
        return options with { Reader = Name, Shapes = needed.Shapes ?? options.Shapes, Validation = options.Validation ?? needed.Validation };
    }
}
