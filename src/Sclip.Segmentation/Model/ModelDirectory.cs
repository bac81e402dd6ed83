using System.Text.Json;
using Sclip.Segmentation.Checkpoints;
using Sclip.Segmentation.OpenClip;
using Sclip.Segmentation.Text;

namespace Sclip.Segmentation;

/// <summary>Which layout a model directory has: that of Hugging Face's CLIP, or OpenCLIP's. Where both lie in it, as hubs often have them, Hugging Face's is read.</summary>
public static class ModelDirectory
{
    private const string Config = "config.json", Preprocessor = "preprocessor_config.json", Processor = "processor_config.json";
    private static readonly string[] HuggingFaceWeights = ["model.safetensors", "model.safetensors.index.json", PyTorchWeights.FileName, PyTorchWeights.IndexName];

    /// <summary>Whether the layout of these files is OpenCLIP's.</summary>
    /// <param name="isThere">Whether a file is there, by its name.</param>
    public static bool IsOpenClip(Func<string, bool> isThere) => isThere(OpenClipConfig.FileName) && !IsHuggingFace(isThere);

    internal static bool IsOpenClip(string directory) => IsOpenClip(name => Has(directory, name));

    /// <summary>Whether texts are cut by CLIP's own vocabulary: OpenCLIP's models, and those whose config.json is of the program's own form, need bring none.</summary>
    internal static bool UsesVocabularyOfClip(string directory) => !BringsVocabulary(directory) && (IsOpenClip(directory) || IsOfOwnForm(directory));

    /// <summary>Whether a file of the tokeniser is there; where one is, the others have to be.</summary>
    internal static bool BringsVocabulary(string directory) => Has(directory, VocabularyFiles.Tokens) || Has(directory, VocabularyFiles.Merges) || Has(directory, TokenizerFile.Name);

    /// <summary>What the layout is called.</summary>
    internal static string LayoutOf(string directory) =>
        IsOpenClip(directory) ? "OpenCLIP" : IsOfOwnForm(directory) ? "the program's own" : Has(directory, Processor) && !Has(directory, Preprocessor) ? "Hugging Face, as transformers 5 saves it" : "Hugging Face";

    /// <summary>Whether config.json was written by a conversion, of weights whose authors publish none: it has a <c>format</c> then.</summary>
    internal static bool IsOfOwnForm(string directory)
    {
        if (!Has(directory, Config))
            return false;
        using var document = ModelFiles.ReadJson(Path.Combine(directory, Config));
        return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String;
    }

    // timm's towers have a config.json of their own beside OpenCLIP's, but no preprocessor's.
    private static bool IsHuggingFace(Func<string, bool> isThere) => isThere(Config) && (isThere(Preprocessor) || isThere(Processor)) && HuggingFaceWeights.Any(isThere);

    private static bool Has(string directory, string name) => File.Exists(Path.Combine(directory, name));
}
