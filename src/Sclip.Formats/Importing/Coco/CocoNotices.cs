using System.Globalization;
using Sclip.Contracts.Jobs;

namespace Sclip.Formats.Importing.Coco;

/// <summary>What is to be said of any COCO file.</summary>
internal static class CocoNotices
{
    public static IEnumerable<string> Of(CocoFile file)
    {
        if (file.Scan.Strangers is > 0 and var strangers)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{strangers} {(strangers == 1 ? "annotation is of a picture" : "annotations are of pictures")} that {file.Path} does not list (image_id {JobNames.Shown(file.Scan.Stranger)}{(strangers == 1 ? "" : ", …")}), and passed over.");
    }
}
