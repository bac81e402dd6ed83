using Sclip.Imaging;

namespace Sclip.Formats.Importing.Yolo;

/// <summary>
/// Which picture a YOLO label file belongs to. The tools turn the last <c>/images/</c> of a picture's path into <c>/labels/</c>, and its ending into
/// <c>.txt</c>; from a label file several pictures may have led there, and that is taken which is listed, or exists.
/// </summary>
internal sealed class YoloPlaces
{
    private const string Images = "/images/", Labels = "/labels/", Text = ".txt";

    // The longest first: one split's folder may lie in another's.
    private readonly string[] _folders;
    private readonly YoloYaml _yaml;
    private readonly string? _given;
    private readonly Dictionary<string, string> _listed = new(StringComparer.Ordinal);

    /// <param name="yaml">Where pictures are.</param>
    /// <param name="listed">The pictures that are listed there.</param>
    /// <param name="given">A folder of pictures that goes before.</param>
    public YoloPlaces(YoloYaml yaml, IEnumerable<string> listed, string? given)
    {
        (_yaml, _given) = (yaml, given);
        _folders = [.. yaml.Entries.Select(entry => entry.Path).Where(path => !path.EndsWith(Text, StringComparison.Ordinal)).OrderByDescending(path => path.Length)];
        foreach (var picture in listed)
            _listed.TryAdd(StemOf(picture), picture);
    }

    /// <summary>Label files that the pictures which are listed have, whether they exist or not.</summary>
    public IEnumerable<string> Listed => _listed.Values.Select(LabelOf);

    /// <summary>How many of the pictures that are listed are not among those that have labels, by their paths without ending.</summary>
    public long Without(HashSet<string> labelled) => _listed.Keys.LongCount(stem => !labelled.Contains(stem));

    /// <summary>Whether a path below the root is that of a label file.</summary>
    public static bool IsLabel(string path) => path.EndsWith(Text, StringComparison.Ordinal) && $"/{path}".Contains(Labels, StringComparison.Ordinal);

    /// <summary>The label file of a picture, as YOLO's tools have it.</summary>
    public static string LabelOf(string picture)
    {
        var stem = StemOf(picture);
        return (stem.LastIndexOf(Images, StringComparison.Ordinal) is >= 0 and var at ? stem[..at] + Labels + stem[(at + Images.Length)..] : stem) + Text;
    }

    /// <summary>The picture of a label file.</summary>
    /// <param name="label">The label file's path, from the root of the file system on.</param>
    public Place PictureOf(string label)
    {
        var candidates = Candidates(label[..^Text.Length]).ToArray();
        var stem = Array.Find(candidates, _listed.ContainsKey) ?? Array.Find(candidates, candidate => PictureLookup.Find(candidate, "/") is not null) ?? candidates[0];
        var picture = _listed.GetValueOrDefault(stem, stem + ImageDecoder.Endings[0]);
        if (PictureLookup.Find(NameOf(stem), _given) is { } given)
            return new Place(given.Name, given.Path, stem);
        return File.Exists(picture) ? new Place(NameOf(picture), picture, stem)
            : PictureLookup.Find(stem, "/") is { } found ? new Place(NameOf(found.Path), found.Path, stem)
            : new Place(NameOf(picture), null, stem);
    }

    private static string StemOf(string picture) => picture[..^Path.GetExtension(picture).Length];

    /// <summary>A picture's name: its path below its split's folder, else below <c>images/</c> and a folder that is called as a split.</summary>
    private string NameOf(string picture)
    {
        if (Array.Find(_folders, folder => picture.StartsWith(folder + "/", StringComparison.Ordinal)) is { } folder)
            return picture[(folder.Length + 1)..];
        var name = Path.GetRelativePath(_yaml.Root, picture).Replace('\\', '/');
        if ($"/{name}".IndexOf(Images, StringComparison.Ordinal) is >= 0 and var at)
            name = name[(at + Images.Length - 1)..];
        return name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && _yaml.IsSplit(name[..slash]) ? name[(slash + 1)..] : name;
    }

    /// <summary>The pictures, without ending, that a label file may be of; beside it where its path has no folder of labels.</summary>
    private static IEnumerable<string> Candidates(string stem)
    {
        if (!stem.Contains(Labels, StringComparison.Ordinal))
            yield return stem;
        for (var at = stem.LastIndexOf(Labels, StringComparison.Ordinal); at >= 0; at = at > 0 ? stem.LastIndexOf(Labels, at - 1, StringComparison.Ordinal) : -1)
            yield return stem[..at] + Images + stem[(at + Labels.Length)..];
    }

    /// <summary>A picture.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Path">Its path; null where it does not exist.</param>
    /// <param name="Stem">The path without ending where it belongs.</param>
    internal readonly record struct Place(string Name, string? Path, string Stem);
}
