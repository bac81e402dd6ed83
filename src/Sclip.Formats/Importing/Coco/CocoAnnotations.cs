using System.Globalization;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Coco;

/// <summary>
/// COCO's instances and stuff. Where annotations overlap, the later in the file lies over the earlier, and crowds lie under all others. What no
/// annotation covers is background, but in stuff, and where the background has annotations itself.
/// </summary>
internal sealed class CocoAnnotations : IAnnotationSet
{
    private readonly CocoFile _file;
    private readonly ImageLimits _limits;

    public CocoAnnotations(CocoFile file, ImportOptions options)
    {
        (_file, _limits) = (file, options.Limits);
        var isStuff = file.IsStuff || "coco-stuff".Equals(options.Format, StringComparison.OrdinalIgnoreCase);
        LeavesBackground = !isStuff && !(LabelSet.BackgroundOf(file.Classes) is { } background && file.IsAnnotated(background));
        Form = isStuff ? "COCO stuff" : "COCO instances";
    }

    public string Form { get; }

    public IReadOnlyList<LabelClass> Classes => _file.Classes;

    public bool LeavesBackground { get; }

    public IReadOnlyList<string> Notices => [.. CocoNotices.Of(_file), .. Without()];

    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => _file.Names;

    public long PixelsOf(string picture) => _file.Find(picture).Pixels;

    public LabelMap Read(string picture)
    {
        var found = _file.Find(picture);
        if (found is not { Width: { } width, Height: { } height })
            throw new ImportException($"{_file.Path} tells no width and height of it that are whole numbers.");
        var map = ImportFiles.Empty(picture, width, height, _limits);
        _file.ForEach(picture, annotation => Paint(map, annotation));
        return map;
    }

    public void Dispose() => _file.Dispose();

    private void Paint(LabelMap map, JsonElement annotation)
    {
        var what = $"annotation {JsonValues.Shown(JsonValues.Id(annotation, "id"))}";
        try
        {
            CocoSegmentation.Paint(map, annotation.GetProperty("segmentation"), _file.ClassOf(annotation, what));
        }
        catch (ImportException error) when (!error.Message.StartsWith(what, StringComparison.Ordinal))
        {
            throw new ImportException($"{what}: {error.Message}", error);
        }
    }

    private IEnumerable<string> Without()
    {
        if (_file.Scan.Unsegmented is > 0 and var boxes)
            yield return string.Create(CultureInfo.InvariantCulture, $"{boxes} {(boxes == 1 ? "annotation has" : "annotations have")} no segmentation (only a box, or points) and {(boxes == 1 ? "covers" : "cover")} nothing.");
    }
}
