using Sclip.Contracts.Jobs;

namespace Sclip.Formats.Importing;

/// <summary>Opens annotations of others: each reader is asked in turn whether a file or folder is of its form.</summary>
public static class AnnotationSets
{
    /// <summary>The forms that are read, in the order in which they are tried: those that are told by more come first.</summary>
    public static IReadOnlyList<AnnotationForm> Forms { get; } =
    [
        new(["cvat"], "CVAT for images 1.1 (annotations.xml)", CvatAnnotations.TryOpen),
        new(["labelstudio"], "Label Studio JSON", LabelStudioAnnotations.TryOpen),
        new(["yolo-seg"], "YOLO segmentation (data.yaml and labels/**.txt)", YoloAnnotations.TryOpen),
        new(["voc"], "Pascal VOC (SegmentationClass)", VocMasks.TryOpen),
        new(["npy"], "NumPy arrays", NpyArrays.TryOpen),
        new(["masks", "mmseg"], "PNG or TIFF masks of class indices or of the classes' colours", IndexMasks.TryOpen),
    ];

    /// <summary>Opens a file or folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellationToken">Looked at while it is read through.</param>
    /// <exception cref="ImportException">It is of no form that is read, or damaged, or lacks something.</exception>
    public static IAnnotationSet Open(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        if (!Path.Exists(path))
            throw new ImportException($"{path} does not exist.");
        try
        {
            var forms = Chosen(options.Format);
            foreach (var form in forms)
                if (form.TryOpen(path, options, cancellationToken) is { } opened)
                    return opened;
            throw new ImportException(options.Format is null ? Unknown(path) : $"{path} is not of the form {forms[0].Names[0]} ({forms[0].Description}). Without --format the form is found out.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static IReadOnlyList<AnnotationForm> Chosen(string? format)
    {
        if (format is null)
            return Forms;
        var chosen = Forms.Where(form => form.Names.Contains(format, StringComparer.OrdinalIgnoreCase)).ToArray();
        return chosen.Length > 0 ? chosen : throw new ImportException($"There is no form '{JobNames.Shown(format)}' that is read. There are {string.Join(", ", Forms.Select(form => form.Names[0]))}.");
    }

    private static string Unknown(string path) =>
        $"{path} is of no form that is read, which are: {string.Join("; ", Forms.Select(form => form.Description))}.";
}
