using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>An engine with an embedded label set, in use until the lease is disposed of. It is shared: calls go through the gate.</summary>
public interface IEngineLease : IDisposable
{
    /// <summary>The model's own settings.</summary>
    ModelDefaults Defaults { get; }

    /// <summary>The engine; one caller at a time, who has entered the gate.</summary>
    ISegmenter Segmenter { get; }

    /// <summary>Labels kept features by the same model; one caller at a time, who has entered the gate.</summary>
    FeatureLabeller Labeller { get; }

    /// <summary>Lets one caller at a time to the model and its engine.</summary>
    EngineGate Gate { get; }

    /// <summary>The classes.</summary>
    LabelSet LabelSet { get; }

    /// <summary>Their embeddings.</summary>
    LabelEmbeddings Labels { get; }
}
