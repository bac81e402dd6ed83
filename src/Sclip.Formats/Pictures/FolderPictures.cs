using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Storage;

namespace Sclip.Formats.Pictures;

/// <summary>
/// Pictures in folders. A result names a picture by its path below its folder; where several folders have one of that name, by the folder's name and that
/// path, or by its whole path; and in a job by its prefix as well. Of several files that could be it, it is the one whose size and time the result tells.
/// </summary>
/// <param name="folders">The folders.</param>
/// <param name="prefix">What the names of a job's pictures begin with, which the folders may lie below.</param>
public sealed class FolderPictures(IReadOnlyList<string> folders, string prefix = "") : PictureFiles
{
    private readonly string[] _folders = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc />
    public override IReadOnlyList<string> Folders => _folders;

    internal override async Task<SourcePicture> ReadAsync(ImageResult result, CancellationToken cancellationToken)
    {
        var path = Find(result);
        try
        {
            // By the store of files, which never waits for a pipe.
            return new SourcePicture((await new FileBlobStore(Path.GetDirectoryName(path)!).ReadAsync(Path.GetFileName(path), ImageLimits.Default.MaxFileBytes, cancellationToken)).Bytes, path);
        }
        catch (BlobStoreException error)
        {
            throw new PictureException($"its picture: {error.Message}");
        }
    }

    /// <summary>The file of a result's picture.</summary>
    /// <exception cref="PictureException">There is none, or several could be it.</exception>
    public string Find(ImageResult result)
    {
        var found = Candidates(result.Image).Distinct(StringComparer.Ordinal).Where(File.Exists).ToArray();
        if (found.Length > 1)
            found = Narrowed(Narrowed(found, path => new FileInfo(path).Length == result.InputBytes), path => new FileInfo(path).LastWriteTimeUtc == result.InputModified);
        return found switch
        {
            [] => throw new PictureException($"its picture is not in {string.Join(", ", _folders.Take(3))}{(_folders.Length > 3 ? ", …" : "")}. Say where it is by --pictures DIR."),
            [var only] => only,
            _ => throw new PictureException($"its picture may be {found[0]} or {found[1]}. Say where it is by --pictures DIR."),
        };
    }

    private IEnumerable<string> Candidates(string name)
    {
        foreach (var folder in _folders)
        {
            yield return Path.Join(folder, name);
            if (Below(name, Path.GetFileName(folder)) is { } below)
                yield return Path.Join(folder, below);
            if (Below(name, prefix.TrimEnd('/')) is { } inPrefix)
                yield return Path.Join(folder, inPrefix);
            if (Below($"/{name}", folder) is not null)
                yield return $"/{name}";
        }
    }

    private static string? Below(string name, string folder) => folder.Length > 0 && name.StartsWith($"{folder}/", StringComparison.Ordinal) ? name[(folder.Length + 1)..] : null;

    private static string[] Narrowed(string[] paths, Func<string, bool> isIt) => Array.FindAll(paths, path => isIt(path)) is { Length: > 0 } narrowed ? narrowed : paths;
}
