using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace Sclip.Storage;

/// <summary>Lists files in the order of blob names.</summary>
public sealed partial class FileBlobStore
{
    /// <inheritdoc />
    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobNameRules.CheckPrefixForFiles(prefix);
        if (!Directory.Exists(_root))
            throw new BlobStoreException(BlobStoreFault.Missing, $"{_root} does not exist.");
        // A folder at a time: names below it come together in the order, so that no more than one folder of each level is held.
        foreach (var entry in List(prefix[..(prefix.LastIndexOf('/') + 1)], prefix, after))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
        await Task.CompletedTask;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<string> ListFoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobNameRules.CheckPrefixForFiles(folder);
        foreach (var name in Children(folder, folder, after: null).Where(name => name.EndsWith('/')))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name[folder.Length..^1];
        }
        await Task.CompletedTask;
    }

    private IEnumerable<BlobEntry> List(string folder, string prefix, string? after)
    {
        // A folder sorts as its name with '/', as do the names of the blobs below it.
        foreach (var name in Children(folder, prefix, after))
        {
            if (name.EndsWith('/'))
                foreach (var entry in List(name, prefix, after))
                    yield return entry;
            // One that was deleted meanwhile, or whose name is no valid Unicode, cannot be read either.
            else if (EntryOf(name, Path.Combine(_root, name)) is { } entry)
                yield return entry;
        }
    }

    /// <summary>The names in a folder that a listing is about, in order; those of folders end with '/'.</summary>
    private List<string> Children(string folder, string prefix, string? after)
    {
        var path = Path.Combine(_root, folder);
        try
        {
            var children = new FileSystemEnumerable<string>(path, (ref child) => $"{folder}{child.FileName}{(child.IsDirectory ? "/" : "")}", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })
            {
                // A link to a folder may lead back above itself.
                ShouldIncludePredicate = (ref child) => child.IsDirectory ? !child.Attributes.HasFlag(FileAttributes.ReparsePoint) : !IsOwn(folder, child.FileName),
            };
            var names = children.Where(name => IsWanted(name, prefix, after)).ToList();
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is DirectoryNotFoundException || FileFaults.FileAbove(path.TrimEnd('/')) is not null ? [] : throw FileFaults.Translate(error, $"{path} cannot be listed");
        }
    }

    private static bool IsWanted(string name, string prefix, string? after)
    {
        var isFolder = name.EndsWith('/');
        return (name.StartsWith(prefix, StringComparison.Ordinal) || (isFolder && prefix.StartsWith(name, StringComparison.Ordinal)))
            && (after is null || string.CompareOrdinal(name, after) > 0 || (isFolder && after.StartsWith(name, StringComparison.Ordinal)));
    }
}
