using System.Text.Json;
using Sclip.Imaging;

namespace Sclip.Formats.Importing.LabelStudio;

/// <summary>Tells Label Studio's files by the first object in them.</summary>
internal static class LabelStudioSniff
{
    /// <summary>Whether a file is an array of tasks.</summary>
    /// <exception cref="ImportException">It is another of Label Studio's, which is not read, or damaged.</exception>
    public static bool IsTasks(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (!StartsAsArray(path))
            return false;
        var keys = new Keys();
        JsonFile.Read(path, keys, limits, cancellationToken);
        if (keys.Found.Contains("data") && keys.Found.Overlaps(["annotations", "predictions", "completions"]))
            return true;
        return keys.Found.Contains("annotation_id") && keys.Found.Contains("lead_time")
            ? throw new ImportException($"{path} is Label Studio's JSON-MIN, which does not tell all of a brush. Export as JSON.")
            : false;
    }

    private static bool StartsAsArray(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[64];
        var text = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return (text.StartsWith("\uFEFF"u8) ? text[3..] : text).TrimStart(" \t\r\n"u8).StartsWith("["u8);
    }

    /// <summary>The keys of the first object in the array.</summary>
    private sealed class Keys : IJsonVisitor
    {
        public HashSet<string> Found { get; } = new(StringComparer.Ordinal);

        public bool Visit(ref Utf8JsonReader reader, long offset)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 2)
                Found.Add(reader.GetString()!);
            return reader.CurrentDepth != 1 || reader.TokenType is JsonTokenType.StartObject;
        }
    }
}
