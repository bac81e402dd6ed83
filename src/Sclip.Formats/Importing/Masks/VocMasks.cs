using Sclip.Contracts;
using Sclip.Formats.Formats;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Masks;

/// <summary>
/// Pascal VOC's segmentation: <c>SegmentationClass/NAME.png</c>. With a <c>labelmap.txt</c> the colours tell the classes, of palettes as of RGB; in an
/// export of Sclip's, which has <c>labels.json</c>, the indices do; else they are VOC's own 21, unless there are values beyond or the labels that are given
/// know none of VOC's names: then those name the indices.
/// </summary>
internal static class VocMasks
{
    private const string Masks = "SegmentationClass", LabelMapName = "labelmap.txt", Lists = "ImageSets/Segmentation", PictureEnding = ".jpg";

    private static readonly string[] Names =
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>Opens a folder with <c>SegmentationClass</c>; null for anything else.</summary>
    /// <exception cref="ImportException">Its classes cannot be read.</exception>
    public static IAnnotationSet? TryOpen(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        var root = Path.Combine(path, Masks);
        if (!Directory.Exists(root))
            return null;
        var (files, passedOver) = (new FileAnnotations.Files(), new PassedOver());
        foreach (var name in ImportFiles.Below(root, cancellationToken))
            if (Path.GetExtension(name).Equals(".png", StringComparison.OrdinalIgnoreCase))
                files.Add(PictureLookup.Find(name[..^4], options.Pictures, Path.Combine(path, "JPEGImages"))?.Name ?? name[..^4] + PictureEnding, Path.Combine(root, name));
            else
                passedOver.Add(name);
        if (files.Count == 0)
            throw new ImportException($"{root} has no masks (*.png).");
        var missing = Missing(path, root, cancellationToken);
        string?[] notices = [passedOver.Describe(), missing > 0 ? $"{Counted.Of(missing, "name")} of {Lists} without a mask: passed over." : null];
        var (classes, read, how) = Reader(path, files, options, cancellationToken);
        return new FileAnnotations("Pascal VOC", classes, files, (_, file) => PictureLookup.Pixels(file, options.Limits), (_, file) => read(file)) { Notices = [.. notices.Append(how).OfType<string>()] };
    }

    /// <summary>The classes, what reads a mask of them, and what is to be told of it.</summary>
    private static (IReadOnlyList<LabelClass> Classes, Func<string, LabelMap> Read, string? Notice) Reader(string path, FileAnnotations.Files files, ImportOptions options, CancellationToken cancellationToken)
    {
        try
        {
            if (MaskLabels.Read(path, options.Labels) is { } own)
                return (own, ByIndex(own.Count, options), null);
            var file = Path.Combine(path, LabelMapName);
            if (!File.Exists(file))
                return options.Labels is { } given && NotOfVoc(given, files, options, cancellationToken) is { } reason ? (given, ByIndex(given.Count, options), $"--labels names the classes by their indices, for there is no {LabelMapName} and {reason}.")
                    : ([.. Names.Select(name => new LabelClass { Name = name })], ByIndex(Names.Length, options), null);
            var declared = LabelReader.Load(file).Set.Classes;
            // CVAT and Datumaro write void as a label; it is none.
            LabelClass[] classes = [.. declared.Where(label => !(label.Color == VocLabelMap.VoidColor && (label.Name == "void" || label.Name.StartsWith("ignored", StringComparison.Ordinal))))];
            if (Array.Find(classes, label => label.Color is null) is { } colorless)
                throw new ImportException($"{file}: '{colorless.Name}' has no colour, by which masks tell it. Write name:red,green,blue:: for each.");
            var colors = new ColorTable(classes, classes.Any(label => label.Color == VocLabelMap.VoidColor) ? options.VoidColors : options.VoidColors.Append(VocLabelMap.VoidColor), file);
            return (ImportFiles.Classes(file, classes), mask => ByColor(mask, colors, options), null);
        }
        catch (LabelSetException error)
        {
            throw new ImportException(error.Message, error);
        }
    }

    /// <summary>Why indices are not those of VOC's own classes, with which given labels are otherwise compared by name; null where they are.</summary>
    private static string? NotOfVoc(IReadOnlyList<LabelClass> given, FileAnnotations.Files files, ImportOptions options, CancellationToken cancellationToken)
    {
        // A background is any set's.
        if (!given.SelectMany(label => label.AllNames).Intersect(Names.Skip(1), StringComparer.OrdinalIgnoreCase).Any())
            return "they know none of Pascal VOC's own names";
        foreach (var picture in files.Pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = files.Of(picture)!;
            try
            {
                if (MaskIndices.Decode(ImportFiles.Read(file, options.Limits), file, options.Limits).Labels is { } labels && Array.FindIndex(labels, value => value >= Names.Length && value is not (byte.MaxValue or LabelMap.Nothing)) is >= 0 and var at)
                    return $"{file} has the value {labels[at]}, which none of Pascal VOC's own has";
            }
            catch (ImportException)
            {
                // It is told where its picture is read.
            }
        }
        return null;
    }

    private static Func<string, LabelMap> ByIndex(int classes, ImportOptions options)
    {
        var indices = new MaskIndices(classes, options);
        return path =>
        {
            var file = ImportFiles.Read(path, options.Limits);
            return MaskIndices.Decode(file, path, options.Limits) is { Labels: not null } decoded ? indices.Finish(file, decoded, path)
                : throw new ImportException($"{path}: it is a mask of colours, and there is no {LabelMapName} beside {Masks} that tells whose they are.");
        };
    }

    private static LabelMap ByColor(string path, ColorTable colors, ImportOptions options) => colors.Read(MaskIndices.ColorsOf(ImportFiles.Read(path, options.Limits), path, options.Limits), path);

    /// <summary>How many pictures are listed that have no mask.</summary>
    private static long Missing(string path, string root, CancellationToken cancellationToken)
    {
        var lists = Path.Combine(path, Lists);
        if (!Directory.Exists(lists))
            return 0;
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in Directory.GetFiles(lists, "*.txt").SelectMany(File.ReadLines).Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!File.Exists(Path.Combine(root, line + ".png")))
                missing.Add(line);
        }
        return missing.Count;
    }
}
