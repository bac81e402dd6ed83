using System.Text.Json.Nodes;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Reviews;
using Sclip.Formats.Pictures;
using Sclip.Labels;

namespace Sclip.Formats;

/// <summary>What the folder of an export says of it.</summary>
internal static class ExportMarker
{
    /// <summary>What the export depends on, and what is missing of its source.</summary>
    public static FolderMarker Of(ExportSource source, ExportOptions options) => new()
    {
        Command = "export",
        Job = source.Job,
        Unfinished = source.Unfinished,
        Settings = new JsonObject
        {
            ["folder"] = source.Folder is { } folder ? FolderMarker.Place(folder) : null,
            ["format"] = options.Format.Name,
            ["labels"] = JsonNode.Parse(MaskLabels.Write(source.Classes)),
            ["classes"] = Names(source, options.Classes),
            ["things"] = Names(source, options.Things),
            ["min_confidence"] = options.MinConfidence,
            ["max_doubt"] = options.MaxDoubt,
            ["max_class_doubt"] = options.MaxClassDoubt,
            ["max_region_doubt"] = options.MaxRegionDoubt,
            ["min_area"] = options.MinArea,
            ["tolerance"] = options.Tolerance,
            ["shapes"] = options.Shapes.ToString().ToLowerInvariant(),
            ["reviewed"] = options.Reviewed is { } decisions ? string.Join(' ', decisions.Order().Select(ReviewDecisionJson.NameOf)) : null,
            ["machine"] = options.Machine ? true : null,
            ["keep_background"] = options.KeepBackground,
            ["split"] = options.Split,
            ["validation"] = options.Validation is > 0 ? options.Validation : null,
            ["image_prefix"] = options.ImagePrefix,
            ["pictures"] = options.Pictures == PictureTransfer.None ? null : options.Pictures.ToString().ToLowerInvariant(),
            ["picture_folders"] = options.PictureFolders.Count > 0 ? new JsonArray([.. options.PictureFolders.Select(item => JsonValue.Create(FolderMarker.Place(item)))]) : null,
        },
    };

    /// <summary>What came of it.</summary>
    public static JsonObject Counts(ExportSummary summary) => new()
    {
        ["exported"] = summary.Exported,
        ["left_out"] = summary.LeftOut,
        ["left_out_pixels"] = summary.LeftOutPixels,
        ["pixels"] = summary.Pixels,
        ["labelled_pixels"] = summary.LabelledPixels,
        ["doubtful_pixels"] = summary.DoubtfulPixels,
        ["small_pixels"] = summary.SmallPixels,
        ["not_labelled"] = summary.NotLabelled,
        ["failed"] = summary.Failed,
        ["unreadable_lines"] = summary.Unreadable,
    };

    private static JsonArray? Names(ExportSource source, IReadOnlyCollection<int>? classes) => classes is null ? null : [.. classes.Select(index => JsonValue.Create(source.Classes[index].Name))];
}
