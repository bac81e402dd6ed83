using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Segmentation;

/// <summary>Reads the small files of a model directory, with errors that name them.</summary>
internal static class ModelFiles
{
    public static JsonDocument ReadJson(string path)
    {
        try
        {
            return JsonDocument.Parse(ReadBytes(path));
        }
        catch (JsonException error)
        {
            throw new ModelFormatException($"{path}: not valid JSON{JsonPlace.Of(error)}; the file is damaged or cut off.", error);
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
            throw new ModelFormatException($"{path} is missing; a model is a directory in Hugging Face CLIP layout.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path} cannot be read: {error.Message}", error);
        }
    }
}
