using System.Security.Cryptography;
using System.Text;
using Sclip.Evaluation.Predictions;
using Sclip.Imaging;

namespace Sclip.Evaluation.Datasets;

/// <summary>Pictures with ground truth, in a fixed order. Their names alone are held, some bytes a picture.</summary>
public sealed class DataSet
{
    private readonly IReadOnlyList<string> _names;
    private readonly Func<string, DataSetPicture> _picture;

    private DataSet(IReadOnlyList<string> names, Func<string, DataSetPicture> picture) => (_names, _picture) = (names, picture);

    /// <summary>Number of pictures.</summary>
    public int Count => _names.Count;

    /// <summary>Ground truth that no picture belongs to; not looked for where a list says which pictures there are.</summary>
    public NameSample WithoutPicture { get; } = new();

    /// <summary>A picture, by its place in the order.</summary>
    public DataSetPicture this[int index] => _picture(_names[index]);

    /// <summary>A hash of the names: the same pictures in the same order have the same.</summary>
    public string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var name in _names)
                hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>Finds a data set of a layout.</summary>
    /// <param name="layout">How it lies.</param>
    /// <param name="folder">Its root, or a folder that holds it.</param>
    /// <exception cref="EvaluationException">It is not there, cannot be read, or has no pictures.</exception>
    public static DataSet Open(DataSetLayout layout, string folder)
    {
        RequireFolder(folder);
        var found = layout.Roots.Prepend("").Select(root => Parts.Of(layout, Path.GetFullPath(Path.Combine(folder, root)))).MaxBy(parts => parts.Count)!;
        if (found.Missing is { } missing)
        {
            throw new EvaluationException(
                $"{folder}: {missing} is missing there{string.Concat(layout.Roots.Select(root => $", and in {root}"))}. Expected are {layout.Describe()}.");
        }
        var names = Read(() => layout.Split is { } split ? SplitNames(Path.Combine(found.Root, split)) : FolderNames(found.Pictures!, layout.Nested, layout.PictureSuffix));
        return names.Count > 0
            ? new DataSet(names, name => new DataSetPicture(
                name, Path.Combine(found.Pictures!, name + layout.PictureSuffix),
                [.. layout.GroundTruth.Select(form => (Path.Combine(found.Root, form.Folder, name + form.Suffix), form.Table))]))
            : throw new EvaluationException(layout.Split is { } empty
                ? $"{Path.Combine(found.Root, empty)} names no picture."
                : $"There are no pictures (*{layout.PictureSuffix}) in {found.Pictures}.");
    }

    /// <summary>Takes the pictures of a folder, with all below, and ground truth of the same names in another, where <c>.png</c> stands for their ending or behind it.</summary>
    /// <param name="pictures">Where the pictures lie.</param>
    /// <param name="groundTruth">Where the ground truth lies.</param>
    /// <param name="table">What its ids mean.</param>
    /// <exception cref="EvaluationException">A folder does not exist or cannot be read, there are no pictures, or one has ground truth by both names.</exception>
    public static DataSet OfFolders(string pictures, string groundTruth, LabelTable table)
    {
        RequireFolder(pictures);
        RequireFolder(groundTruth);
        var names = Read(() => FolderNames(Path.GetFullPath(pictures), nested: true, suffix: "").Where(ImageDecoder.HasEnding).ToArray());
        if (names.Length == 0)
            throw new EvaluationException($"There are no pictures ({string.Join(", ", ImageDecoder.Endings)}) in {pictures}.");
        var truth = Read(() => FolderNames(Path.GetFullPath(groundTruth), nested: true, suffix: ".png"));
        var there = truth.ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => there.Contains(name) && there.Contains(Path.ChangeExtension(name, null))) is { } twice)
        {
            throw new EvaluationException(
                $"{Path.Combine(groundTruth, Path.ChangeExtension(twice, ".png"))} and {Path.Combine(groundTruth, twice + ".png")} may both be the ground truth of {twice}; take one of the two away.");
        }
        var data = new DataSet(names, name => new DataSetPicture(
            name, Path.Combine(pictures, name), [(Path.Combine(groundTruth, Path.ChangeExtension(name, ".png")), table), (Path.Combine(groundTruth, name + ".png"), table)]));
        var known = names.SelectMany(name => new[] { name, Path.ChangeExtension(name, null) }).ToHashSet(StringComparer.Ordinal);
        foreach (var name in truth.Where(name => !known.Contains(name)))
            data.WithoutPicture.Add(name);
        return data;
    }

    private static void RequireFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new EvaluationException(File.Exists(folder) ? $"{folder} is a file, and must be a folder." : $"The folder {folder} does not exist.");
    }

    private static List<string> SplitNames(string path) =>
        [.. File.ReadLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true)).Select(line => line.Trim()).Where(line => line.Length > 0)];

    /// <summary>The files of an ending, without it, below a folder, in the order of their characters.</summary>
    private static List<string> FolderNames(string folder, bool nested, string suffix)
    {
        var names = Directory.EnumerateFiles(folder, "*" + suffix, new EnumerationOptions { RecurseSubdirectories = nested, IgnoreInaccessible = false })
            .Where(path => path.EndsWith(suffix, StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(folder, path)[..^suffix.Length].Replace('\\', '/')).ToList();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new EvaluationException($"The data set cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What there is of a layout below a root.</summary>
    private sealed record Parts(string Root, string? Pictures, int Count, string? Missing)
    {
        public static Parts Of(DataSetLayout layout, string root)
        {
            var pictures = layout.Pictures.Select(folder => Path.Combine(root, folder)).FirstOrDefault(Directory.Exists);
            var truth = layout.GroundTruth.Any(form => Directory.Exists(Path.Combine(root, form.Folder)));
            var split = layout.Split is null || File.Exists(Path.Combine(root, layout.Split));
            var missing = pictures is null ? layout.Pictures[0] : !truth ? layout.GroundTruth[0].Folder : !split ? layout.Split : null;
            return new Parts(root, pictures, (pictures is null ? 0 : 2) + (truth ? 2 : 0) + (split ? 1 : 0), missing);
        }
    }
}
