using Sclip.Segmentation.Checkpoints;
using Sclip.Segmentation.OpenClip;
using Sclip.Segmentation.Text;

namespace Sclip.Segmentation;

/// <summary>Which layout a model directory has: that of Hugging Face's CLIP, or OpenCLIP's. Where both lie in it, as hubs often have them, Hugging Face's is read.</summary>
internal static class ModelDirectory
{
    private const string Config = "config.json", Preprocessor = "preprocessor_config.json", Processor = "processor_config.json";
    private static readonly string[] HuggingFaceWeights = ["model.safetensors", "model.safetensors.index.json", PyTorchWeights.FileName, PyTorchWeights.IndexName];

    public static bool IsOpenClip(string directory) => Has(directory, OpenClipConfig.FileName) && !IsHuggingFace(directory);

    /// <summary>Whether texts are cut by CLIP's own vocabulary: OpenCLIP's models need bring none.</summary>
    public static bool UsesVocabularyOfClip(string directory) => IsOpenClip(directory) && !BringsVocabulary(directory);

    /// <summary>Whether a file of the tokeniser is there; where one is, the others have to be.</summary>
    public static bool BringsVocabulary(string directory) => Has(directory, VocabularyFiles.Tokens) || Has(directory, VocabularyFiles.Merges) || Has(directory, TokenizerFile.Name);

    /// <summary>What the layout is called.</summary>
    public static string LayoutOf(string directory) =>
        IsOpenClip(directory) ? "OpenCLIP" : Has(directory, Processor) && !Has(directory, Preprocessor) ? "Hugging Face, as transformers 5 saves it" : "Hugging Face";

    // timm's towers have a config.json of their own beside OpenCLIP's, but no preprocessor's.
    private static bool IsHuggingFace(string directory) =>
        Has(directory, Config) && (Has(directory, Preprocessor) || Has(directory, Processor)) && HuggingFaceWeights.Any(name => Has(directory, name));

    private static bool Has(string directory, string name) => File.Exists(Path.Combine(directory, name));
}
