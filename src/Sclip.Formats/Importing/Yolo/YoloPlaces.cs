using Sclip.Imaging;

namespace Sclip.Formats.Importing.Yolo;

/// <summary>
/// Which picture a YOLO label file belongs to. The tools turn the last <c>/images/</c> of a picture's path into <c>/labels/</c>, and its ending into
/// <c>.txt</c>; from a label file several pictures may have led there, and that is taken which exists.
/// </summary>
internal sealed class YoloPlaces(YoloYaml yaml, string? pictures)
{
    private const string Images = "/images/", Labels = "/labels/", Text = ".txt";

    // The longest first: one split's folder may lie in another's.
    private readonly string[] _folders = [.. yaml.Entries.Select(entry => entry.Path).Where(path => !path.EndsWith(Text, StringComparison.Ordinal)).OrderByDescending(path => path.Length)];

    /// <summary>Whether a path below the root is that of a label file.</summary>
    public static bool IsLabel(string path) => path.EndsWith(Text, StringComparison.Ordinal) && $"/{path}".Contains(Labels, StringComparison.Ordinal);

    /// <summary>The label file of a picture.</summary>
    public static string LabelOf(string picture)
    {
        var stem = picture[..^Path.GetExtension(picture).Length];
        return (stem.LastIndexOf(Images, StringComparison.Ordinal) is >= 0 and var at ? stem[..at] + Labels + stem[(at + Images.Length)..] : stem) + Text;
    }

    /// <summary>The picture of a label file: its name, and its path where it exists.</summary>
    /// <param name="label">The label file's path, from the root of the file system on.</param>
    public (string Name, string? Path) PictureOf(string label)
    {
        var candidates = Candidates(label[..^Text.Length]).ToArray();
        var name = NameOf(candidates[0]);
        if (PictureFiles.Find(name, pictures) is { } given)
            return (given.Name, given.Path);
        return candidates.Select(candidate => PictureFiles.Find(candidate, "/")).FirstOrDefault(found => found is not null) is { } found ? (NameOf(found.Path), found.Path) : (name + ImageDecoder.Endings[0], null);
    }

    /// <summary>A picture's name: its path below its split's folder, else below <c>images/</c> and a folder that is called as a split.</summary>
    public string NameOf(string picture)
    {
        if (Array.Find(_folders, folder => picture.StartsWith(folder + "/", StringComparison.Ordinal)) is { } folder)
            return picture[(folder.Length + 1)..];
        var name = Path.GetRelativePath(yaml.Root, picture).Replace('\\', '/');
        if ($"/{name}".IndexOf(Images, StringComparison.Ordinal) is >= 0 and var at)
            name = name[(at + Images.Length - 1)..];
        return name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && YoloYaml.IsSplit(name[..slash]) ? name[(slash + 1)..] : name;
    }

    /// <summary>The pictures, without ending, that a label file may be of; beside it where its path has no folder of labels.</summary>
    private static IEnumerable<string> Candidates(string stem)
    {
        if (!stem.Contains(Labels, StringComparison.Ordinal))
            yield return stem;
        for (var at = stem.LastIndexOf(Labels, StringComparison.Ordinal); at >= 0; at = at > 0 ? stem.LastIndexOf(Labels, at - 1, StringComparison.Ordinal) : -1)
            yield return stem[..at] + Images + stem[(at + Labels.Length)..];
    }
}
