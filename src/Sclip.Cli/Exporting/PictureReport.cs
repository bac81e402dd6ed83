using Sclip.Contracts;
using Sclip.Formats;

namespace Sclip.Cli.Exporting;

/// <summary>What an export's summary says of the pictures themselves.</summary>
internal static class PictureReport
{
    private const int MostEndings = 8;

    public static IEnumerable<string> Of(ExportOutcome outcome)
    {
        if (outcome.Parts.Count > 0)
            yield return string.Join(", ", outcome.Parts.Select(part => $"{part.Pictures} {part.Name}"));
        if (outcome.Pictures is not { } pictures)
        {
            if (outcome.PicturesAt is { } place)
                yield return $"put the pictures at places such as {place} in it (--copy-pictures does so)";
            yield break;
        }
        if (pictures.Copied > 0)
            yield return $"{Counted.Of(pictures.Copied, "picture")} copied";
        if (pictures.Linked > 0)
            yield return $"{Counted.Of(pictures.Linked, "picture")} linked";
        if (pictures.Rewritten > 0)
            yield return $"{Counted.Of(pictures.Rewritten, "picture")} rewritten as JPEG or PNG{(pictures.Turned > 0 ? $", {pictures.Turned} of them turned upright" : "")}";
        if (pictures.Changed > 0)
            yield return $"{Counted.Of(pictures.Changed, "picture")} of another size in bytes than when labelled";
        if (pictures.LeftFiles.Count > 0)
            yield return $"left out of the pictures' folders: {FileEndings.List(pictures.LeftFiles, MostEndings)}";
    }
}
