using System.Text;
using System.Text.Json;

namespace Sclip.Labels;

/// <summary>Reads label and template files, with errors that name them.</summary>
internal static class LabelFiles
{
    private const long LargestFile = 64 << 20;

    public static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>The lines of a text; line ends at its end make no further line.</summary>
    public static string[] Lines(string text) =>
        string.IsNullOrWhiteSpace(text) ? [] : [.. text.TrimEnd('\r', '\n').Split('\n').Select(line => line.TrimEnd('\r'))];

    public static JsonDocument ParseJson(string text, string source)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new LabelSetException($"{source}: not valid JSON: {error.Message}", error);
        }
    }

    public static string ReadText(string path)
    {
        try
        {
            if (new FileInfo(path) is { Length: > LargestFile } file)
                throw new LabelSetException($"{path}: {file.Length} bytes are too many for a file of names.");
            // A strict decoder: a picture given by mistake must not become a class of replacement characters.
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException error)
        {
            throw new LabelSetException($"{path}: not UTF-8 text; save it as UTF-8.", error);
        }
        catch (FileNotFoundException error)
        {
            throw new LabelSetException($"{path} does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabelSetException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
