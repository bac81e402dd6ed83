using System.IO.Enumeration;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing;

/// <summary>What several readers do with files, and the classes in them.</summary>
internal static class ImportFiles
{
    /// <summary>The files below a folder, '/' between folders, as the file system lists them; linked folders are left out, and what systems and commands hide beside.</summary>
    public static IEnumerable<string> Below(string root, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(root);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.System, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<string>(full, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !IsBeside(entry.FileName),
            // A link to a folder may lead back above itself.
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0 && !IsBeside(entry.FileName),
        };
        foreach (var path in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Path.GetRelativePath(full, path).Replace('\\', '/');
        }
    }

    /// <summary>Whether a name is that of what lies beside a data set: macOS's doubles of files, version control, parts of a run; others may be hidden and belong to it.</summary>
    private static bool IsBeside(ReadOnlySpan<char> name) => name.StartsWith("._") || name is ".DS_Store" or ".git" or ".sclip" || (name.StartsWith('.') && name.EndsWith(".part"));

    /// <summary>Reads a picture's file.</summary>
    /// <exception cref="ImportException">It is missing, too large, or cannot be read.</exception>
    public static byte[] Read(string path, ImageLimits limits)
    {
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists)
                throw new ImportException($"{path} is missing.");
            return info.Length > limits.MaxFileBytes
                ? throw new ImportException($"{path}: {info.Length} bytes are more than a file may have ({limits.MaxFileBytes}).")
                : File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>How many pixels a width and a height make; 0 where they cannot be a picture's.</summary>
    public static long Pixels(long? width, long? height) => width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue ? width.Value * height.Value : 0;

    /// <summary>An empty label map for a picture, all of it nothing.</summary>
    /// <exception cref="ImportException">It would be too large.</exception>
    public static LabelMap Empty(string picture, long width, long height, ImageLimits limits)
    {
        // LabelMap has its pixels in one array.
        var most = Math.Min(limits.MaxPixels, Array.MaxLength);
        if (width < 1 || height < 1 || width > most / height)
            throw new ImportException($"'{JobNames.Shown(picture)}' is said to have {width} x {height} pixels, and pictures of 1 to {most} are read.");
        var labels = new ushort[width * height];
        labels.AsSpan().Fill(LabelMap.Nothing);
        return new LabelMap(labels, (int)width, (int)height);
    }

    /// <summary>Holds classes to be a label set.</summary>
    /// <exception cref="ImportException">There is none, or more than 65535, or names are empty or there twice.</exception>
    public static IReadOnlyList<LabelClass> Classes(string source, IEnumerable<LabelClass> classes)
    {
        try
        {
            return LabelSet.Of(classes).Classes;
        }
        catch (LabelSetException error)
        {
            throw new ImportException($"{source}: {error.Message}", error);
        }
    }
}
