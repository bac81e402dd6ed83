using Sclip.Contracts;
using Sclip.Formats;
using Sclip.Labels;
using Sclip.Storage.Folders;

namespace Sclip.Cli.Importing;

/// <summary>What an export of Sclip's tells beside its files, so that its masks come back as they were.</summary>
/// <param name="Classes">The classes of the masks that were exported.</param>
/// <param name="Background">Whether pixels that nothing covers are background; null where the format itself tells.</param>
internal sealed record OwnExport(IReadOnlyList<LabelClass> Classes, bool? Background)
{
    /// <summary>Looks at a folder; null where it is none, or does not tell.</summary>
    /// <exception cref="LabelSetException">Its label file is damaged.</exception>
    public static OwnExport? Find(string source)
    {
        if (!Directory.Exists(source) || FolderMarkers.Find(source) is not { Command: "export", Settings: { } settings } || MaskLabels.Read(source) is not { } classes)
            return null;
        var isOfRegions = settings["format"]?.ToString() is { } name && ExportFormat.Find(name) is { IsOfRegions: true };
        return new OwnExport(classes, isOfRegions ? settings["classes"] is null && settings["keep_background"]?.ToString() != "true" : null);
    }
}
