using System.IO.Enumeration;
using Sclip.Contracts.Folders;

namespace Sclip.Formats.Pictures;

/// <summary>Counts files of the pictures' folders by ending, but for hidden ones, links to folders and what Sclip wrote.</summary>
internal static class LeftFiles
{
    // A picture that was labelled by its name alone may lie in a home folder, or at the root.
    private const long MostOthers = 1_000_000;

    /// <summary>Counts all files, less those that are in the export; null where there are far too many others.</summary>
    /// <param name="folders">The folders.</param>
    /// <param name="taken">The files of each ending that are in the export; no names are held, as there may be millions.</param>
    /// <param name="output">The export's folder, which may lie in one of them.</param>
    /// <param name="cancellationToken">Checked between files.</param>
    public static Dictionary<string, long>? Count(IReadOnlyList<string> folders, IReadOnlyDictionary<string, long> taken, string output, CancellationToken cancellationToken)
    {
        var (counts, most) = (new Dictionary<string, long>(), MostOthers + taken.Values.Sum());
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };
        foreach (var folder in folders.Where(folder => Directory.Exists(folder) && !folders.Any(other => folder.StartsWith($"{other}/", StringComparison.Ordinal))))
        {
            var endings = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => FileEndings.Of(entry.FileName), options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.ToFullPath() is var path && path != output && !File.Exists(Path.Join(path, FolderMarker.FileName)),
            };
            foreach (var ending in endings)
            {
                cancellationToken.ThrowIfCancellationRequested();
                FileEndings.Count(counts, ending);
                if (--most < 0)
                    return null;
            }
        }
        return counts.Select(item => (item.Key, Left: item.Value - taken.GetValueOrDefault(item.Key))).Where(item => item.Left > 0).ToDictionary(item => item.Key, item => item.Left);
    }
}
