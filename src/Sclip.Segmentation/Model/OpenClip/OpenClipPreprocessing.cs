using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.OpenClip;

/// <summary>What open_clip_config.json says of pixels, in <c>preprocess_cfg</c>; where it says nothing they are normalised as OpenAI's CLIP does.</summary>
internal static class OpenClipPreprocessing
{
    public static readonly double[] Mean = [0.48145466, 0.4578275, 0.40821073], Deviation = [0.26862954, 0.26130258, 0.27577711];

    /// <exception cref="ModelFormatException">The file is missing or corrupt, or of pixels that are not supported.</exception>
    public static PixelNormalisation Load(string directory)
    {
        var path = Path.Combine(directory, OpenClipConfig.FileName);
        using var document = ModelFiles.ReadJson(path);
        var root = new OpenClipSection(path, "", document.RootElement);
        if (!root.Has("preprocess_cfg"))
            return PixelNormalisation.Of(path, Mean, Deviation);
        var pixels = root.Child("preprocess_cfg");
        pixels.Refuse("mode", "must be \"RGB\"", "RGB");
        return PixelNormalisation.Of($"{path}, preprocess_cfg", pixels.Triple("mean", Mean), pixels.Triple("std", Deviation));
    }
}
