using Sclip.Contracts.Jobs;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation;

/// <summary>
/// How pixels are cut into patches: squares, one every <paramref name="Step"/> pixels, from the upper left on. A step below the side lets them overlap, so that
/// there are more features of a window (the stride trick of PACL, arXiv 2212.04994, which needs no training); the rest at the right and the bottom that fills none is dropped.
/// </summary>
/// <param name="Size">Side of a patch in pixels.</param>
/// <param name="Step">Pixels from one patch to the next.</param>
/// <param name="PadTo">Windows are padded on all sides to multiples of so many pixels before.</param>
public readonly record struct PatchCut(int Size, int Step, int PadTo = 1)
{
    /// <summary>Patches side by side, as the model was trained.</summary>
    public static PatchCut Whole(int size) => new(size, size);

    /// <summary>That of a model under options.</summary>
    /// <param name="config">The model.</param>
    /// <param name="options">The step, where one is given.</param>
    /// <exception cref="SegmentationException">The step is none, or larger than the model's patches.</exception>
    public static PatchCut Of(ClipConfig config, SegmentationOptions options) => Refusal(config, options.PatchStride) is { } refusal
        ? throw new SegmentationException(refusal)
        : new(config.PatchSize, options.PatchStride ?? config.PatchSize);

    /// <summary>How the tokens of a model lie in windows, under a method and options.</summary>
    /// <exception cref="SegmentationException">As of <see cref="Of"/>, or the method lacks its guide.</exception>
    public static PatchCut OfTokens(ClipModel model, SegmentationOptions options) => Of(model.Config, options) with { PadTo = OfFeatures(model, options).PadTo };

    /// <summary>How a method's features lie in windows: as the model's patches or, where it has a guide, as that one's.</summary>
    /// <exception cref="SegmentationException">As of <see cref="Of"/>, or the method lacks its guide.</exception>
    public static PatchCut OfFeatures(ClipModel model, SegmentationOptions options) => DenseMethodNames.NeedsGuide(options.Method)
        // The whole picture is no window that would be padded.
        ? Whole(DenseMethods.RequireGuide(options.Method, model).PatchSize) with { PadTo = options.Crop > 0 && options.Method == "proxyclip" ? ProxyClip.PadTo : 1 }
        : Of(model.Config, options);

    /// <summary>A side of so many pixels with what it is padded by.</summary>
    public int Padded(int length) => (length + PadTo - 1) / PadTo * PadTo;

    /// <summary>Pixels that it is padded by before the first.</summary>
    public int Before(int length) => (Padded(length) - length) / 2;

    /// <summary>Patches along a side of so many pixels, padded.</summary>
    public int Along(int length) => Padded(length) is var padded && padded < Size ? 0 : (padded - Size) / Step + 1;

    /// <summary>Pixels from the first to the last of so many patches, both ends included.</summary>
    public int Span(int patches) => (patches - 1) * Step + Size;

    /// <summary>The patch whose centre is nearest to a place, of so many along a side; the rest that fills none belongs to the last.</summary>
    /// <param name="place">In pixels from the edge on; the middle of the first one is at .5.</param>
    /// <param name="patches">Patches along the side.</param>
    public int At(double place, int patches) => Math.Clamp((int)((place - (Size - Step) / 2.0) / Step), 0, patches - 1);

    /// <summary>Between which patches each pixel of a side lies, where they are interpolated.</summary>
    internal Tap[] Taps(int length) => BilinearResize.Taps(Along(length), Padded(length)).AsSpan(Before(length), length).ToArray();

    /// <summary>The middle of a patch in pixels, as <see cref="At"/> takes it.</summary>
    public double Centre(int patch) => patch * Step + Size / 2.0;

    private static string? Refusal(ClipConfig config, int? step) => config.OwnMethod is { } own && step is { } given && given != config.PatchSize
        ? $"the patch stride is a setting of CLIP's methods, and {own} takes patches side by side, one every {config.PatchSize} pixels; it is {given}."
        : SettingRanges.PatchStride(step, config.PatchSize);
}
