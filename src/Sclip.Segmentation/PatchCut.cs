using Sclip.Contracts.Jobs;

namespace Sclip.Segmentation;

/// <summary>
/// How pixels are cut into patches: squares, one every <paramref name="Step"/> pixels, from the upper left on. A step below the side lets them overlap, so that
/// there are more features of a window (the stride trick of PACL, arXiv 2212.04994, which needs no training); the rest at the right and the bottom that fills none is dropped.
/// </summary>
/// <param name="Size">Side of a patch in pixels.</param>
/// <param name="Step">Pixels from one patch to the next.</param>
public readonly record struct PatchCut(int Size, int Step)
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

    /// <summary>Patches along a side of so many pixels.</summary>
    public int Along(int length) => length < Size ? 0 : (length - Size) / Step + 1;

    /// <summary>Pixels from the first to the last of so many patches, both ends included.</summary>
    public int Span(int patches) => (patches - 1) * Step + Size;

    /// <summary>The patch whose centre is nearest to a place, of so many along a side; the rest that fills none belongs to the last.</summary>
    /// <param name="place">In pixels from the edge on; the middle of the first one is at .5.</param>
    /// <param name="patches">Patches along the side.</param>
    public int At(double place, int patches) => Math.Clamp((int)((place - (Size - Step) / 2.0) / Step), 0, patches - 1);

    /// <summary>The middle of a patch in pixels, as <see cref="At"/> takes it.</summary>
    public double Centre(int patch) => patch * Step + Size / 2.0;

    private static string? Refusal(ClipConfig config, int? step) => config.OwnMethod is { } own && step is { } given && given != config.PatchSize
        ? $"the patch stride is a setting of CLIP's methods, and {own} takes patches side by side, one every {config.PatchSize} pixels; it is {given}."
        : SettingRanges.PatchStride(step, config.PatchSize);
}
