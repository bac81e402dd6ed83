namespace Sclip.Segmentation;

/// <summary>How pictures are labelled. The defaults are the authors' (clip_segmentor.py).</summary>
public sealed record SegmentationOptions
{
    /// <summary>Dense method of the last block, by its registered name (for example <c>sclip</c>, <c>maskclip</c>, <c>sclip-random:4</c>).</summary>
    public string Method { get; init; } = "sclip";

    /// <summary>Side of a window in pixels; 0 takes the whole picture as one window.</summary>
    public int Crop { get; init; } = 224;

    /// <summary>Step between windows in pixels.</summary>
    public int Stride { get; init; } = 112;

    /// <summary>Factor of the cosine similarities before the softmax.</summary>
    public double LogitScale { get; init; } = 40;

    /// <summary>Pixels whose best score is below this become background; 0 switches it off.</summary>
    public double ProbabilityThreshold { get; init; }

    /// <summary>
    /// Classes other than the background whose share of all pixels not labelled background is not above this are dropped; null
    /// switches it off.
    /// </summary>
    public double? AreaThreshold { get; init; }

    /// <summary>Iterations of the pixel-adaptive mask refinement; 0 switches it off.</summary>
    public int PamrSteps { get; init; }

    /// <summary>Dilations in pixels of the refinement's 3 x 3 neighbourhoods.</summary>
    public IReadOnlyList<int> PamrDilations { get; init; } = [8, 16];

    /// <summary>Windows that share one forward pass.</summary>
    public int Batch { get; init; } = 6;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SegmentationException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Crop >= 0, "the crop must not be negative (0 takes the whole picture)", Crop);
        Require(Crop == 0 || Stride >= 1, "the stride must be at least 1 pixel", Stride);
        Require(Crop == 0 || Stride <= Crop, $"the stride must not exceed the crop of {Crop} pixels, else pixels between windows stay unseen", Stride);
        Require(double.IsFinite(LogitScale) && LogitScale > 0, "the logit scale must be positive", LogitScale);
        Require(ProbabilityThreshold is >= 0 and <= 1, "the probability threshold must lie in 0..1", ProbabilityThreshold);
        Require(AreaThreshold is null or (>= 0 and <= 1), "the area threshold must lie in 0..1", AreaThreshold);
        Require(PamrSteps is >= 0 and <= 1000, "the PAMR steps must lie in 0..1000", PamrSteps);
        Require(PamrSteps == 0 || (PamrDilations.Count > 0 && PamrDilations.All(d => d is >= 1 and <= 1024)),
            "the PAMR dilations must be given and lie in 1..1024", string.Join(",", PamrDilations));
        Require(Batch is >= 1 and <= 4096, "the batch must lie in 1..4096 windows", Batch);
    }

    private static void Require(bool holds, string rule, object? value)
    {
        if (!holds)
            throw new SegmentationException($"{rule}; it is {value}.");
    }
}
