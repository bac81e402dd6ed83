using System.Text;
using System.Text.Json;

namespace Sclip.Labels;

/// <summary>Reads label and template files, with errors that name them.</summary>
internal static class TextFile
{
    /// <summary>Bytes of a file that is held as a whole.</summary>
    public const long LargestFile = 64 << 20;

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
            var place = error.LineNumber is { } line ? $", line {line + 1}" : "";
            throw new LabelSetException($"{source}{place}: not valid JSON: {error.Message.Split(" LineNumber:")[0].Split(" Path:")[0]}", error);
        }
    }

    public static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabelSetException($"{path} cannot be read: {error.Message}", error);
        }
    }

    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LargestFile } file)
                throw new LabelSetException($"{path}: {file.Length} bytes are too many for a file of names.");
            return Decode(File.ReadAllBytes(path), path);
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

    /// <summary>Decodes a file: UTF-8, or UTF-16 where it says so.</summary>
    /// <exception cref="LabelSetException">It is no text.</exception>
    public static string Decode(byte[] file, string source)
    {
        try
        {
            return Decode(file);
        }
        catch (DecoderFallbackException error)
        {
            throw new LabelSetException($"{source}: not UTF-8 text; save it as UTF-8.", error);
        }
    }

    // Spreadsheets write UTF-16. Strictly, so that a picture given by mistake does not become a class of replacement characters.
    private static string Decode(byte[] file) => file switch
    {
        [0xFF, 0xFE, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true).GetString(file.AsSpan(2)),
        [0xFE, 0xFF, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true).GetString(file.AsSpan(2)),
        [0xEF, 0xBB, 0xBF, ..] => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file.AsSpan(3)),
        _ => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file),
    };
}
