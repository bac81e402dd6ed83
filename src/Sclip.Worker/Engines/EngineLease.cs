using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>An engine with an embedded label set, in use until the lease is disposed of. It is shared: calls go through the gate.</summary>
internal sealed class EngineLease : IEngineLease
{
    private readonly SharedCache<EngineKey, Engine>.Holding _engine;
    private readonly SharedCache<string, EmbeddedLabels>.Holding _labels;
    private Action? _ended;

    internal EngineLease(SharedCache<EngineKey, Engine>.Holding engine, SharedCache<string, EmbeddedLabels>.Holding labels, Action ended) =>
        (_engine, _labels, _ended) = (engine, labels, ended);

    /// <inheritdoc />
    public ModelDefaults Defaults => _engine.Value.Model.Defaults;

    /// <summary>The engine; one caller at a time, who has entered the gate.</summary>
    public ISegmenter Segmenter => _engine.Value.Segmenter;

    /// <inheritdoc />
    public FeatureLabeller Labeller => _engine.Value.Labeller;

    /// <summary>Lets one caller at a time to the model and its engine.</summary>
    public EngineGate Gate => _engine.Value.Gate;

    /// <summary>The classes.</summary>
    public LabelSet LabelSet => _labels.Value.Labels;

    /// <summary>Their embeddings; the same object for the same classes and templates while it is kept.</summary>
    public LabelEmbeddings Labels => _labels.Value.Embeddings;

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        _labels.Dispose();
        _engine.Dispose();
        Interlocked.Exchange(ref _ended, null)?.Invoke();
    }
}

/// <summary>A loaded model, what runs on it, and the gate before both.</summary>
internal sealed record Engine(ClipModel Model, ISegmenter Segmenter) : IDisposable
{
    public FeatureLabeller Labeller { get; } = new(Model);

    public EngineGate Gate { get; } = new();

    public void Dispose()
    {
        Labeller.Dispose();
        Segmenter.Dispose();
        Model.Dispose();
    }
}

/// <summary>A label set and its embeddings by one model.</summary>
internal sealed record EmbeddedLabels(LabelSet Labels, LabelEmbeddings Embeddings);
