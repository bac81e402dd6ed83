using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Cli.Labelling;

/// <summary>What <c>sclip label</c> was asked to do; null leaves a value to the model's own settings, else to the authors'.</summary>
internal sealed record LabelArguments
{
    public required IReadOnlyList<string> Inputs { get; init; }

    public required string Labels { get; init; }

    public required string Model { get; init; }

    public required string Output { get; init; }

    public string Method { get; init; } = "sclip";

    public string? Templates { get; init; }

    public int? ShortSide { get; init; }

    public int? Crop { get; init; }

    public int? Stride { get; init; }

    public double? LogitScale { get; init; }

    public double ProbabilityThreshold { get; init; }

    public double? AreaThreshold { get; init; }

    /// <summary>0 without PAMR.</summary>
    public int PamrSteps { get; init; }

    public IReadOnlyList<int> PamrDilations { get; init; } = [8, 16];

    public bool Overlay { get; init; }

    public bool Scores { get; init; }

    public int Batch { get; init; } = 6;

    public int Threads { get; init; } = Environment.ProcessorCount;

    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    public bool Force { get; init; }

    /// <summary>The authors' short side, in pixels.</summary>
    public const int DefaultShortSide = 336;

    public SegmentationOptions Segmentation(ModelDefaults defaults)
    {
        var authors = new SegmentationOptions();
        return new SegmentationOptions
        {
            Method = Method,
            Crop = Crop ?? defaults.Crop ?? authors.Crop,
            Stride = Stride ?? defaults.Stride ?? authors.Stride,
            LogitScale = LogitScale ?? defaults.LogitScale ?? authors.LogitScale,
            ProbabilityThreshold = ProbabilityThreshold,
            AreaThreshold = AreaThreshold,
            PamrSteps = PamrSteps,
            PamrDilations = PamrDilations,
            Batch = Batch,
        };
    }
}
