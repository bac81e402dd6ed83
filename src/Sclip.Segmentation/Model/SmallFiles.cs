using Sclip.Segmentation.OpenClip;
using Sclip.Segmentation.Text;

namespace Sclip.Segmentation;

/// <summary>The files of a model directory beside its weights, in whichever of their layouts they are there.</summary>
public static class SmallFiles
{
    /// <summary>Refuses a directory whose configuration, normalisation or vocabulary no model can be loaded with, whatever its weights are.</summary>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, or of another kind of model.</exception>
    public static void Require(string directory)
    {
        var config = ClipConfig.Load(directory);
        if (config.ReadsNormalisation)
            PreprocessorFile.Load(directory, _ => { });
        ClipTokenizer.Load(directory, config.ContextLength, config.VocabularySize);
    }

    /// <summary>Those that are read, in the order in which <see cref="ClipModel.Fingerprint"/> has them.</summary>
    internal static IEnumerable<string> Of(string directory, ClipConfig config) => ModelDirectory.IsOpenClip(directory)
        ? [Path.Combine(directory, OpenClipConfig.FileName), .. BytePairVocabulary.PathsIn(directory)]
        : [Path.Combine(directory, "config.json"), .. config.ReadsNormalisation ? (string[])[PreprocessorFile.PathIn(directory)] : [], .. BytePairVocabulary.PathsIn(directory)];
}
