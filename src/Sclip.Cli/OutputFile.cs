using Sclip.Storage.Folders;

namespace Sclip.Cli;

/// <summary>A file that <c>--out</c> names.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a place that cannot be written, or where something else would be lost, before anything is computed.</summary>
    /// <param name="path">The place.</param>
    /// <param name="what">What the file is, such as "page".</param>
    /// <param name="example">What it may be called.</param>
    /// <param name="requireReplaceable">Refuses a file that is there and is no such file.</param>
    /// <exception cref="UserException">It is such a place.</exception>
    /// <exception cref="FolderException">It lies in what a command wrote.</exception>
    public static void Require(string path, string what, string example, Action<string> requireReplaceable)
    {
        if (Directory.Exists(path))
            throw new UserException($"--out {path} is a folder; give the name of the {what}, such as {Path.Combine(path, example)}.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new UserException($"--out: the folder {folder} does not exist.");
        if (FolderMarkers.Find(folder) is { } other)
            throw new UserException($"--out: {folder} holds {other.Describe()}; give the {what} another place.");
        FolderMarkers.RequireOutside(path);
        requireReplaceable(path);
        try
        {
            WholeFile.RequireWritable(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, what, error);
        }
    }

    /// <summary>What is said of a file that cannot be written.</summary>
    public static UserException NotWritable(string path, string what, Exception error) => new($"The {what} {path} cannot be written: {error.Message}", error);
}
