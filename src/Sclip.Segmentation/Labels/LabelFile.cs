using System.Text.Json.Serialization;

namespace Sclip.Segmentation;

/// <summary>Reads the text files of labels and templates.</summary>
internal static class LabelFile
{
    public static bool IsJson(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabelSetException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The lines; blank ones are allowed at the end alone, since a line's number is its class.</summary>
    public static IEnumerable<string> Lines(string path, string text)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        while (lines.Count > 0 && string.IsNullOrWhiteSpace(lines[^1]))
            lines.RemoveAt(lines.Count - 1);
        var blank = lines.FindIndex(string.IsNullOrWhiteSpace);
        return blank < 0 ? lines : throw new LabelSetException($"{path}: line {blank + 1} is empty; every line is one entry.");
    }
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class LabelJson : JsonSerializerContext;
