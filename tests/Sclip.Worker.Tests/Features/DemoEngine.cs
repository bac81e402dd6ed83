using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Testing;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Features;

/// <summary>The engine of the demo model, which counts its calls; whoever shares it calls it in turn.</summary>
public sealed class DemoEngine : IEngineLease, ISegmenter
{
    public static readonly string Demo = Path.Combine(Repository.Root, "models", "demo");

    private readonly ClipModel _model = ClipModel.Load(Path.Combine(Demo, "model"), threads: 2);
    private readonly ManagedSegmenter _segmenter;

    public DemoEngine()
    {
        _segmenter = new ManagedSegmenter(_model);
        Labeller = new FeatureLabeller(_model);
        LabelSet = LabelSet.Load(Path.Combine(Demo, "labels.json"));
        Labels = Embed(LabelSet);
    }

    public ModelDefaults Defaults => _model.Defaults;

    public ISegmenter Segmenter => this;

    public FeatureLabeller Labeller { get; }

    public EngineGate Gate { get; } = new();

    public LabelSet LabelSet { get; }

    public LabelEmbeddings Labels { get; }

    public int Calls { get; private set; }

    public EnginePrecision Precision => _segmenter.Precision;

    public LabelEmbeddings Embed(LabelSet labels) => _model.EmbedLabels(labels, _model.Defaults.Templates!, cacheDirectory: null);

    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        Calls++;
        return _segmenter.Segment(pictures, labels, options, cancellationToken);
    }

    /// <summary>Its leases are given back and taken again; it ends with <see cref="End"/>.</summary>
    public void Dispose()
    {
    }

    public void End()
    {
        Labeller.Dispose();
        _segmenter.Dispose();
        _model.Dispose();
    }
}
