using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Sessions;

/// <summary>What a session begins with.</summary>
public sealed record SessionSetup
{
    /// <summary>The most pictures of a session: their features are held in memory.</summary>
    public const int MostPictures = 200;

    /// <summary>What the page calls it.</summary>
    public required string Title { get; init; }

    /// <summary>The model, as its user calls it.</summary>
    public required string Model { get; init; }

    /// <summary>Method, windows, short side and limits, which features depend on; thresholds and logit scale, where a user begins.</summary>
    public required PipelineOptions Options { get; init; }

    /// <summary>Prompts of the class names.</summary>
    public required PromptTemplates Templates { get; init; }

    /// <summary>The pictures, 1 to <see cref="MostPictures"/>; of those with a <see cref="PictureReference.FeatureStore"/> kept features are taken as far as they can be used.</summary>
    public required IReadOnlyList<PictureReference> Pictures { get; init; }

    /// <summary>The job that they are a sample of; null where they are none.</summary>
    public string? Job { get; init; }

    /// <summary>The classes that a user begins with.</summary>
    public IReadOnlyList<LabelClass> Labels { get; init; } = [];

    /// <summary>Ground truth of some of the pictures; null where there is none.</summary>
    public SessionTruth? Truth { get; init; }

    /// <summary>The file that keeps what the page puts; null keeps it in memory.</summary>
    public string? StateFile { get; init; }

    /// <summary>The file that Save writes the classes to; null where they are only downloaded.</summary>
    public string? LabelFile { get; init; }

    /// <summary>What labels everything by saved classes.</summary>
    public required Func<LabelSet, LiveSettings, SavePlan> Plan { get; init; }

    /// <summary>The memory that features may take.</summary>
    public FeatureBudget Budget { get; init; } = new(4L << 30);

    /// <summary>Where embeddings of the benchmarks' names are kept between runs; null keeps none.</summary>
    public string? CacheDirectory { get; init; }
}

/// <summary>What may be changed without computing features again.</summary>
public sealed record LiveSettings
{
    /// <summary>Pixels less sure than this go to the background.</summary>
    public double ProbabilityThreshold { get; init; }

    /// <summary>Classes with no larger share of what is not background are dropped; null drops none.</summary>
    public double? AreaThreshold { get; init; }

    /// <summary>Factor of the cosines before the softmax; null takes the session's.</summary>
    public double? LogitScale { get; init; }
}

/// <summary>What labels everything by saved classes.</summary>
/// <param name="Commands">Commands to be copied.</param>
/// <param name="Job">A job to be submitted; null where there is none.</param>
/// <param name="Note">What is to be known of them.</param>
public sealed record SavePlan(IReadOnlyList<string> Commands, JobRequest? Job, string Note);
