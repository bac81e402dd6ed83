using System.Text.Json;
using Sclip.Segmentation.OpenClip;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation;

/// <summary>
/// How a model directory says what pixels are made of before the model sees them: preprocessor_config.json or, where transformers 5 saved it,
/// processor_config.json, below its key image_processor. Earlier versions have a processor_config.json without that key, which tells nothing.
/// </summary>
internal static class PreprocessorFile
{
    private const string Name = "preprocessor_config.json", ProcessorName = "processor_config.json", Key = "image_processor";

    /// <summary>The file that is read.</summary>
    public static string PathIn(string directory)
    {
        var (path, processor) = (Path.Combine(directory, Name), Path.Combine(directory, ProcessorName));
        return File.Exists(path) || !File.Exists(processor) ? path : processor;
    }

    /// <summary>Reads the normalisation of a model directory.</summary>
    /// <param name="directory">The model.</param>
    /// <param name="warn">Told where both files are there and disagree.</param>
    /// <exception cref="ModelFormatException">It is missing or corrupt, or of a kind that is not supported.</exception>
    public static PixelNormalisation Load(string directory, Action<string> warn)
    {
        if (ModelDirectory.IsOpenClip(directory))
            return OpenClipPreprocessing.Load(directory);
        var (path, processor) = (PathIn(directory), Path.Combine(directory, ProcessorName));
        if (path == processor)
            return ReadNested(processor) ?? throw new ModelFormatException($"{processor} has no {Key}, and {Name} is missing; one of them tells how pixels are normalised.");
        using var document = ModelFiles.ReadJson(path);
        var normalisation = PixelNormalisation.Read(path, document.RootElement);
        if (File.Exists(processor) && DifferenceFrom(normalisation, processor) is { } difference)
            warn($"{Name} is read, and {ProcessorName} beside it is not the same: {difference} Delete what is out of date.");
        return normalisation;
    }

    private static string? DifferenceFrom(PixelNormalisation normalisation, string processor)
    {
        try
        {
            return ReadNested(processor) is { } other && other.ToString() != normalisation.ToString() ? $"{other} there, {normalisation} here." : null;
        }
        catch (ModelFormatException error)
        {
            return error.Message;
        }
    }

    private static PixelNormalisation? ReadNested(string path)
    {
        using var document = ModelFiles.ReadJson(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: not a JSON object.");
        return document.RootElement.TryGetProperty(Key, out var settings) && settings.ValueKind != JsonValueKind.Null ? PixelNormalisation.Read($"{path}, {Key}", settings) : null;
    }
}
