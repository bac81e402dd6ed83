namespace Sclip.Segmentation.Guides;

/// <summary>Which output of a guide a method uses.</summary>
internal enum GuideOutput
{
    /// <summary>The last block's output behind the final norm.</summary>
    Tokens,

    /// <summary>The values of the last block's attention, heads side by side.</summary>
    Values,
}
