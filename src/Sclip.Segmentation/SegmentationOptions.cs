using Sclip.Contracts.Jobs;

namespace Sclip.Segmentation;

/// <summary>How pictures are labelled. The defaults are the authors' (clip_segmentor.py).</summary>
public sealed record SegmentationOptions
{
    /// <summary>Dense method, by its registered name (for example <c>sclip</c>, <c>maskclip</c>, <c>sclip-random:4</c>).</summary>
    public string Method { get; init; } = "sclip";

    /// <summary>Side of a window in pixels; 0 takes the whole picture as one window.</summary>
    public int Crop { get; init; } = JobSettings.AuthorsCrop;

    /// <summary>Step between windows in pixels.</summary>
    public int Stride { get; init; } = JobSettings.AuthorsStride;

    /// <summary>Pixels from one patch to the next, at most the side of the model's patches; null takes that side: patches lie side by side.</summary>
    public int? PatchStride { get; init; }

    /// <summary>Factor of the cosine similarities before the softmax.</summary>
    public double LogitScale { get; init; } = 40;

    /// <summary>Pixels whose best score is below this become background, which the labels must have; 0 switches it off.</summary>
    public double ProbabilityThreshold { get; init; }

    /// <summary>
    /// Classes other than the background, which the labels must have, whose share of all pixels not labelled background is not above this
    /// are dropped; null or 0 switches it off.
    /// </summary>
    public double? AreaThreshold { get; init; }

    /// <summary>Iterations of the pixel-adaptive mask refinement; 0 switches it off.</summary>
    public int PamrSteps { get; init; }

    /// <summary>Dilations in pixels of the refinement's 3 x 3 neighbourhoods.</summary>
    public IReadOnlyList<int> PamrDilations { get; init; } = JobSettings.AuthorsDilations;

    /// <summary>Windows that share one forward pass.</summary>
    public int Batch { get; init; } = 6;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SegmentationException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        var refusal = SettingRanges.Windows(Crop, Stride)
            ?? SettingRanges.WholePicture(Method, Crop)
            ?? SettingRanges.PatchStride(PatchStride)
            ?? SettingRanges.LogitScale(LogitScale)
            ?? SettingRanges.ProbabilityThreshold(ProbabilityThreshold)
            ?? SettingRanges.AreaThreshold(AreaThreshold)
            ?? SettingRanges.Refinement(PamrSteps, PamrDilations)
            ?? (Batch is >= 1 and <= 4096 ? null : $"the batch must lie in 1..4096 windows; it is {Batch}.");
        if (refusal is not null)
            throw new SegmentationException(refusal);
    }

    /// <summary>Checks also what depends on the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="keepsFeatures">Whether features of pictures are to be kept.</param>
    /// <exception cref="SegmentationException">A value is out of range, or does not fit the model; the message names it.</exception>
    public void Validate(ClipModel model, bool keepsFeatures = false)
    {
        Validate();
        DenseMethods.Validate(Method, model, keepsFeatures);
        _ = PatchCut.OfTokens(model, this);
    }
}
