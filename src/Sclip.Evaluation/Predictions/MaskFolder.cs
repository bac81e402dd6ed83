using System.IO.Enumeration;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>
/// A folder of masks with all below. Each belongs to a picture, which is called by the mask's path below the folder, without
/// ending and suffix; the ending of a picture before the mask's own (<c>a.jpg.png</c>) is none of the name, but where pictures of the same
/// name and other endings have masks, too. Masks are PNGs; TIFFs where there is no PNG, for beside masks they may be the pictures.
/// </summary>
public sealed class MaskFolder : IGroundTruth
{
    private const string Ending = ".png";
    private static readonly string[] Png = [Ending, ".PNG"], Tiff = [".tif", ".tiff", ".TIF", ".TIFF"];

    private readonly string _suffix;
    private readonly string? _except;
    private readonly Lazy<string[]> _endings;

    /// <summary>Names a folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="suffix">What the masks' names have behind the pictures', such as <c>_gtFine_labelTrainIds</c>; other files are passed over.</param>
    /// <param name="except">A folder below it that holds no masks.</param>
    /// <exception cref="EvaluationException">It does not exist.</exception>
    public MaskFolder(string root, string suffix = "", string? except = null)
    {
        if (!Directory.Exists(root))
            throw new EvaluationException(File.Exists(root) ? $"{root} is a file; give the folder of the masks." : $"{root} does not exist.");
        (Root, _suffix, _except) = (root, suffix, except is null ? null : Path.GetFullPath(except).TrimEnd('/'));
        _endings = new Lazy<string[]>(() => !Named(Png).Any() && Named(Tiff).Any() ? Tiff : Png);
    }

    /// <summary>The folder, as it was given.</summary>
    public string Root { get; }

    /// <summary>The pictures that have a mask, '/' between folders, in the order of the file system: nothing is held of a folder of millions.</summary>
    public IEnumerable<string> Pictures()
    {
        foreach (var name in Masks())
        {
            var stem = name[..^Path.GetExtension(name).Length];
            var isDouble = FileOf(Path.Combine(Root, stem)) is { } first && Path.GetExtension(first) != Path.GetExtension(name);
            if (!isDouble && PictureOf(stem) is { } picture)
                yield return picture;
        }
    }

    /// <summary>The masks' files, '/' between folders, in the order of the file system.</summary>
    internal IEnumerable<string> Masks()
    {
        var root = Path.GetFullPath(Root);
        return Files(root).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).Where(name => HasEnding(name, _endings.Value));
    }

    /// <summary>Whether a picture has a mask.</summary>
    /// <exception cref="EvaluationException">There are several that may be it.</exception>
    public bool Has(string picture) => File.Exists(PathOf(picture));

    /// <summary>The file of a picture's mask.</summary>
    /// <exception cref="EvaluationException">There are several that may be it.</exception>
    public string PathOf(string picture)
    {
        var stem = Path.Combine(Root, NameOf(picture));
        return FileOf(stem) ?? WithEndings(stem).ToArray() switch
        {
            [] => stem + Ending,
            [var only] => only,
            [var first, var second, ..] => throw new EvaluationException(
                $"{first} and {second} may both be the mask of '{JobNames.Shown(picture)}', which the other side does not tell apart: give that side a mask for each, with the picture's ending in its name ({Path.GetFileName(first)}, {Path.GetFileName(second)}), or take one of the two away."),
        };
    }

    /// <inheritdoc />
    public IEnumerable<string> Without(MaskFolder predictions) => Pictures().Where(picture => !predictions.Has(picture));

    /// <inheritdoc />
    public LabelMap Read(string picture, ImageLimits limits, ColorCode? colors) => MaskFile.Read(PathOf(picture), limits, colors);

    /// <inheritdoc />
    public bool IgnoresByPlan => false;

    /// <summary>The name of a picture's mask, without ending: the picture's, with the suffix.</summary>
    public string NameOf(string picture) => picture + _suffix;

    /// <summary>Whether the masks of another folder are these very files.</summary>
    public bool IsSameAs(MaskFolder other) => _suffix == other._suffix && RealPath(Root) == RealPath(other.Root);

    private static string RealPath(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? Path.TrimEndingDirectorySeparator(target.FullName) : path;
    }

    /// <summary>What is in a folder without masks, for a message.</summary>
    public string Describe()
    {
        var files = Files(Path.GetFullPath(Root)).Take(3).Select(path => Path.GetRelativePath(Root, path)).ToArray();
        var wanted = _suffix.Length == 0 ? "masks (*.png, *.tif)" : $"masks that end with {_suffix}{Ending}";
        return $"There are no {wanted} in {Root}: {(files.Length == 0 ? "it is empty." : $"it holds {string.Join(", ", files)}{(files.Length == 3 ? ", …" : "")}.")}";
    }

    private string? FileOf(string stem) => _endings.Value.Select(ending => stem + ending).FirstOrDefault(File.Exists);

    private static bool HasEnding(string name, string[] endings) => endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>The files that may be masks by their names.</summary>
    private IEnumerable<string> Named(string[] endings) => Files(Path.GetFullPath(Root)).Where(path => HasEnding(path, [.. endings.Select(ending => _suffix + ending)]));

    /// <summary>The masks of pictures that have a name and some ending.</summary>
    private IEnumerable<string> WithEndings(string stem) =>
        PictureEndings.All.Select(ending => FileOf(stem + ending)).OfType<string>().Distinct(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    private bool IsShared(string stem) => FileOf(stem) is not null || WithEndings(stem).Skip(1).Any();

    /// <summary>The picture of a mask; null where the mask has not the suffix.</summary>
    private string? PictureOf(string stem)
    {
        var ending = PictureEndings.All.FirstOrDefault(ending => stem.EndsWith(ending, StringComparison.Ordinal));
        // Where a.png is there as well as a.jpg.png, only the first is the mask of a; of a.jpg.png and a.png.png, neither is.
        var whole = ending is null || (_suffix.Length > 0 && stem.EndsWith(_suffix, StringComparison.Ordinal)) || IsShared(Path.Combine(Root, stem[..^ending.Length]))
            ? stem
            : stem[..^ending.Length];
        return whole.EndsWith(_suffix, StringComparison.Ordinal) && Path.GetFileName(whole.AsSpan()).Length > _suffix.Length ? whole[..^_suffix.Length] : null;
    }

    private FileSystemEnumerable<string> Files(string root)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false };
        return new FileSystemEnumerable<string>(root, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            // A link to a folder may lead back above itself; what a command wrote below has pictures that are no masks.
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0 && entry.ToFullPath() is var folder && folder != _except && !File.Exists(Path.Combine(folder, FolderMarker.FileName)),
        };
    }
}
