using Sclip.Storage.Folders;
using Sclip.Workbench.Sessions;

namespace Sclip.Cli.Workbench;

/// <summary>Where Save writes the classes to.</summary>
internal static class OutputPlace
{
    /// <summary>Refuses a place that cannot be written, or where something else would be lost, before anything is computed.</summary>
    /// <exception cref="UserException">It is such a place.</exception>
    /// <exception cref="FolderException">It lies in what a command wrote.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
            throw new UserException($"--out {path} is a folder; give the name of the label file, such as {Path.Combine(path, "labels.json")}.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new UserException($"--out: the folder {folder} does not exist.");
        if (FolderMarkers.Find(folder) is { } other)
            throw new UserException($"--out: {folder} holds {other.Describe()}; give the label file another place.");
        FolderMarkers.RequireOutside(path);
        LabelFile.RequireReplaceable(path);
        try
        {
            WholeFile.RequireWritable(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"The label file {path} cannot be written: {error.Message}", error);
        }
    }
}
