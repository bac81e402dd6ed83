using Sclip.Contracts.Jobs;
using Sclip.Formats.Importing.Coco;
using Sclip.Formats.Importing.Cvat;
using Sclip.Formats.Importing.LabelStudio;
using Sclip.Formats.Importing.Masks;
using Sclip.Formats.Importing.Yolo;
using Sclip.Imaging;
using Sclip.Storage.Folders;

namespace Sclip.Formats.Importing;

/// <summary>Opens annotations of others: each reader is asked in turn whether a file or folder is of its form.</summary>
public static class AnnotationSets
{
    /// <summary>The forms that are read, in the order in which they are tried: those that are told by more come first.</summary>
    public static IReadOnlyList<AnnotationForm> Forms { get; } =
    [
        new(["coco", "coco-instances", "coco-stuff", "roboflow-coco"], "COCO JSON of polygons or run lengths", CocoForm.TryOpen),
        new([CocoForm.PanopticName], "COCO panoptic JSON and PNGs", CocoForm.TryOpenPanoptic),
        new(["cvat"], "CVAT for images 1.1 (annotations.xml)", CvatAnnotations.TryOpen),
        new(["labelstudio"], "Label Studio JSON", LabelStudioAnnotations.TryOpen),
        new(["yolo-seg"], "YOLO segmentation (data.yaml and labels/**.txt)", YoloAnnotations.TryOpen),
        new(["voc", "voc-objects"], "Pascal VOC (SegmentationClass)", VocMasks.TryOpen),
        new(["npy"], "NumPy arrays", NpyArrays.TryOpen),
        new(["masks", "mmseg"], "PNG or TIFF masks of class indices or of the classes' colours", IndexMasks.TryOpen) { TakesAnyMasks = true },
    ];

    /// <summary>Opens a file or folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellationToken">Checked while it is read through.</param>
    /// <exception cref="ImportException">It is of no form that is read, or damaged, or lacks something.</exception>
    public static IAnnotationSet Open(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        if (!Path.Exists(path))
            throw new ImportException($"{path} does not exist.");
        options = options with { Format = options.Format ?? ExportedAs(path) };
        var forms = Chosen(options.Format);
        return TryOpen(path, forms, options, cancellationToken)
            ?? throw new ImportException(options.Format is null ? Unknown(path) : $"{path} is not of the form {forms[0].Names[0]} ({forms[0].Description}). Without --format the form is found out.");
    }

    /// <summary>Opens a folder that may also be one of masks alone.</summary>
    /// <returns>Null where it is of no form that tells more than masks do.</returns>
    /// <exception cref="ImportException">It is damaged, or lacks something.</exception>
    public static IAnnotationSet? TryOpenFolder(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        // An export of Sclip's says that its masks are its own.
        var format = options.Format ?? FormatOf(path);
        return TryOpen(path, [.. Forms.Where(form => !form.TakesAnyMasks || (format is not null && form.Names.Contains(format, StringComparer.Ordinal)))], options with { Format = format }, cancellationToken);
    }

    private static IAnnotationSet? TryOpen(string path, IReadOnlyList<AnnotationForm> forms, ImportOptions options, CancellationToken cancellationToken)
    {
        try
        {
            RequireSeekable(path);
            foreach (var form in forms)
                if (form.TryOpen(path, options, cancellationToken) is { } opened)
                    return opened;
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Refuses a pipe, of which no reader can find the same place twice.</summary>
    private static void RequireSeekable(string path)
    {
        if (!File.Exists(path))
            return;
        using var file = File.OpenRead(path);
        if (!file.CanSeek)
            throw new ImportException($"{path} is a pipe; save it as a file first.");
    }

    /// <summary>The format of an export of Sclip's; null where the path is no such.</summary>
    /// <exception cref="ImportException">The format is not read, or the folder is another of Sclip's.</exception>
    private static string? ExportedAs(string path)
    {
        if (Directory.Exists(path) && FolderMarkers.Find(path) is { } marker && marker.Command != "export")
            throw new ImportException($"{path} holds {marker.Describe()}{(marker.HoldsResults() ? ", which needs no import: the other commands take it as it is" : "")}.");
        var format = FormatOf(path);
        return format is null || Forms.Any(form => form.Names.Contains(format, StringComparer.Ordinal))
            ? format
            : throw new ImportException($"{path} is an export in the format {format}, which is not read. Import the folder that it was exported from; formats that are read are {string.Join(", ", Forms.Select(form => form.Names[0]))}.");
    }

    private static string? FormatOf(string path) => Directory.Exists(path) && FolderMarkers.Find(path) is { Command: "export" } marker ? marker.Settings?["format"]?.ToString() : null;

    private static IReadOnlyList<AnnotationForm> Chosen(string? format)
    {
        if (format is null)
            return Forms;
        var chosen = Forms.Where(form => form.Names.Contains(format, StringComparer.OrdinalIgnoreCase)).ToArray();
        return chosen.Length > 0 ? chosen : throw new ImportException($"There is no form '{JobNames.Shown(format)}' that is read. There are {string.Join(", ", Forms.Select(form => form.Names[0]))}.");
    }

    private static string Unknown(string path)
    {
        var forms = $"Forms that are read are: {string.Join("; ", Forms.Select(form => form.Description))}.";
        var first = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.png").FirstOrDefault() : path;
        return first is not null && IsColorPng(first)
            ? $"{path} holds RGB PNGs, which alone say nothing of classes. Of panoptic PNGs give their JSON (panoptic_x.json; with --masks DIR where they do not lie beside it). {forms}"
            : $"{path} is of no form that is read. {forms}";
    }

    /// <summary>Whether a file is a PNG of colours, which its first bytes tell.</summary>
    private static bool IsColorPng(string path)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[64];
        var head = buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        return head is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] && MaskDecoder.HoldsColors(head);
    }
}
