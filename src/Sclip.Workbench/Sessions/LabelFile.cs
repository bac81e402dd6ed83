using System.Text.Json;
using Sclip.Contracts;
using Sclip.Storage.Folders;

namespace Sclip.Workbench.Sessions;

/// <summary>The file that Save writes the classes to.</summary>
public static class LabelFile
{
    /// <summary>Refuses a place where something else would be lost: only what is in the form that Save writes is replaced, and of that nothing is but classes.</summary>
    /// <exception cref="WorkbenchException">There is something else, or the file cannot be read.</exception>
    public static void RequireReplaceable(string path)
    {
        if (!File.Exists(path))
            return;
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.Default.IReadOnlyListLabelClass) is not null)
                return;
        }
        catch (JsonException)
        {
            // It is something else.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException(500, $"{path} is there already, and cannot be read: {error.Message}");
        }
        throw new WorkbenchException(409, $"{path} is there already and is no label file in Sclip's JSON, so it is not replaced: remove it, or begin the workbench with another --out.");
    }

    /// <summary>Replaces the file as a whole.</summary>
    /// <exception cref="WorkbenchException">It cannot be written, or something else is there.</exception>
    internal static void Write(string path, byte[] content)
    {
        RequireReplaceable(path);
        try
        {
            WholeFile.Write(path, content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WorkbenchException(500, $"The classes cannot be written to {path}: {error.Message}");
        }
    }
}
