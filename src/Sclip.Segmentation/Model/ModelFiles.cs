using System.Text.Json;
using System.Text.Unicode;
using Sclip.Contracts;

namespace Sclip.Segmentation;

/// <summary>Reads the small files of a model directory, with errors that name them.</summary>
internal static class ModelFiles
{
    public static JsonDocument ReadJson(string path) => ParseJson(ReadBytes(path), path);

    /// <summary>Parses JSON, all texts of which are valid Unicode: the parser lets others pass, to throw only once they are asked for.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">The file.</param>
    /// <param name="part">The part of the file that it is.</param>
    public static JsonDocument ParseJson(byte[] json, string path, string part = "")
    {
        try
        {
            // To ask for every text of a vocabulary would take longer than to parse it; nearly no file makes it necessary.
            if (!Utf8.IsValid(json) || json.AsSpan().IndexOf(@"\ud"u8) >= 0 || json.AsSpan().IndexOf(@"\uD"u8) >= 0)
                ReadTexts(json);
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new ModelFormatException($"{path}: {part}not valid JSON{JsonPlace.Of(error)}; the file is damaged or cut off.", error);
        }
        catch (InvalidOperationException error)
        {
            throw new ModelFormatException($"{path}: {part}not valid JSON, a text in it is no valid Unicode; the file is damaged.", error);
        }
    }

    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException($"{path} is missing; a model or a guide is a directory in the layout of Hugging Face or OpenCLIP.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static void ReadTexts(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                reader.GetString();
    }
}
