using System.Text;
using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Reads label and template files, with errors that name them.</summary>
internal static class TextFile
{
    /// <summary>Bytes of a file that is held as a whole.</summary>
    public const long LargestFile = 64 << 20;

    /// <summary>Letters of a line that patterns are tried on: they may take the square of a length, and no list of names has longer ones.</summary>
    public const int LongestLine = 10_000;

    public static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>The lines of a text, which end as those of Windows, Unix or old spreadsheets do; line ends at its end make no further line.</summary>
    public static string[] Lines(string text) =>
        string.IsNullOrWhiteSpace(text) ? [] : text.TrimEnd('\r', '\n').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');

    public static JsonDocument ParseJson(string text, string source)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            var place = error.LineNumber is { } line ? $", line {line + 1}" : "";
            throw new LabelSetException($"{source}{place}: not valid JSON: {JsonReason.Of(error) ?? "it breaks JSON's rules"}.", error);
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
        if (Directory.Exists(path))
            throw new LabelSetException($"{path} is a folder; give a file.");
        try
        {
            using var file = File.OpenRead(path);
            // Devices and pipes have no length, and some no end.
            using var content = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = file.Read(buffer)) > 0;)
                if (content.Length + read <= LargestFile)
                    content.Write(buffer, 0, read);
                else
                    throw new LabelSetException($"{path}: more than {LargestFile >> 20} MiB are too many for a file of names.");
            return Decode(content.ToArray(), path);
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

    /// <summary>Decodes a file: UTF-8, UTF-16 where it says so, and XML as it declares.</summary>
    /// <exception cref="LabelSetException">It is no text.</exception>
    public static string Decode(byte[] file, string source)
    {
        if (BinaryFile.Kind(file) is { } kind)
            throw new LabelSetException($"{source}: not UTF-8 text but {kind}; a text file is read.");
        try
        {
            return XmlEncoding.Declared(file, source) is { } declared ? declared.GetString(file) : Decode(file);
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
