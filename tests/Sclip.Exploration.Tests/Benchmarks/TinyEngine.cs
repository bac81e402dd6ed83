using Sclip.Exploration.Benchmarks;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Testing;

namespace Sclip.Exploration.Tests.Benchmarks;

/// <summary>The golden tiny model, on the managed engine.</summary>
internal sealed class TinyEngine : IDisposable
{
    public const int ShortSide = 64;

    private readonly ClipModel _model = ClipModel.Load(Golden.ModelDirectory("tiny"), 2);

    public TinyEngine() => Segmenter = new ManagedSegmenter(_model);

    public ManagedSegmenter Segmenter { get; }

    /// <summary>clip and sclip, the latter also refined, with the thresholds of a preset and windows of the model's size.</summary>
    public static IReadOnlyList<BenchmarkConfiguration> Configurations(double logitScale = 40, double probability = 0, double? area = null)
    {
        var options = new SegmentationOptions { Method = "clip", Crop = 64, Stride = 32, LogitScale = logitScale, ProbabilityThreshold = probability, AreaThreshold = area, PamrDilations = [1, 2] };
        return [new("clip", options), new("sclip", options with { Method = "sclip" }), new("sclip + PAMR", options with { Method = "sclip", PamrSteps = 2 })];
    }

    public LabelEmbeddings Embed(LabelSet labels) => _model.EmbedLabels(labels, PromptTemplates.Of(["{}"]), cacheDirectory: null);

    public void Dispose()
    {
        Segmenter.Dispose();
        _model.Dispose();
    }
}
