using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>How pictures pass through the pipeline.</summary>
public sealed record PipelineOptions
{
    private const int MostPicturesAtOnce = 4;

    /// <summary>What the engine does.</summary>
    public required SegmentationOptions Segmentation { get; init; }

    /// <summary>Short side in pixels that pictures are resized to; 0 leaves them as they are.</summary>
    public int ShortSide { get; init; } = JobSettings.AuthorsShortSide;

    /// <summary>What a picture may be at most.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>What decodes pictures.</summary>
    public WatchedDecoder Decoder { get; init; } = new();

    /// <summary>Whether overlays are written.</summary>
    public bool Overlay { get; init; }

    /// <summary>Whether the doubt of each pixel is written.</summary>
    public bool Doubt { get; init; }

    /// <summary>Whether class scores are written.</summary>
    public bool Scores { get; init; }

    /// <summary>How features are kept of pictures that go through the engine; null keeps none.</summary>
    public FeatureEncoding? KeepFeatures { get; init; }

    /// <summary>Pictures that are in one stage at the same time: a few keep an engine on the CPU busy, and each may be large.</summary>
    public int Parallelism { get; init; } = Math.Min(Environment.ProcessorCount, MostPicturesAtOnce);

    /// <summary>The options of a job: its own settings, else the model's, else the authors'.</summary>
    /// <param name="settings">The job's settings.</param>
    /// <param name="defaults">The model's settings.</param>
    /// <param name="limits">What a picture may be at most.</param>
    /// <param name="batch">Windows that share a forward pass; null leaves it to the engine.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="engineOnDevice">Whether the engine leaves the threads to the other stages, which then have to feed a GPU.</param>
    /// <exception cref="SegmentationException">A value is out of range.</exception>
    public static PipelineOptions Of(JobSettings settings, ModelDefaults defaults, ImageLimits limits, int? batch, int threads, bool engineOnDevice = false)
    {
        var authors = new SegmentationOptions();
        var options = new PipelineOptions
        {
            Segmentation = new SegmentationOptions
            {
                Method = settings.GivenMethod ?? defaults.Method ?? authors.Method,
                Crop = settings.Crop ?? defaults.Crop ?? authors.Crop,
                Stride = settings.Stride ?? defaults.Stride ?? authors.Stride,
                PatchStride = settings.PatchStride,
                LogitScale = settings.LogitScale ?? defaults.LogitScale ?? authors.LogitScale,
                ProbabilityThreshold = settings.ProbabilityThreshold,
                AreaThreshold = settings.AreaThreshold,
                PamrSteps = settings.PamrSteps,
                PamrDilations = settings.PamrDilations ?? authors.PamrDilations,
                Batch = batch ?? authors.Batch,
            },
            ShortSide = settings.ShortSide ?? defaults.ShortSide ?? JobSettings.AuthorsShortSide,
            Limits = limits,
            Overlay = settings.Overlay,
            Doubt = settings.Doubt,
            Scores = settings.Scores,
            KeepFeatures = settings.KeepFeatures is { } encoding
                ? FeatureEncodings.Of(encoding) ?? throw new SegmentationException($"features cannot be kept as '{encoding}'; there are {string.Join(" and ", FeatureEncodings.Names)}.")
                : null,
            Parallelism = engineOnDevice ? threads : Math.Min(threads, MostPicturesAtOnce),
        };
        options.Segmentation.Validate();
        return SettingRanges.ShortSide(options.ShortSide) is { } refusal ? throw new SegmentationException(refusal) : options;
    }

    /// <summary>Waits, before a picture is read, until no others are to go first.</summary>
    public Func<CancellationToken, Task> GiveWayAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Waits for the engine, where several pipelines share one; what it returns gives the engine back.</summary>
    public Func<CancellationToken, ValueTask<IDisposable?>> EnterEngineAsync { get; init; } = _ => ValueTask.FromResult<IDisposable?>(null);
}
