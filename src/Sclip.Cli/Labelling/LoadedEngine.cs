using Sclip.Contracts;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Labelling;

/// <summary>The one engine of a run, loaded before its job begins, and the run's to dispose of.</summary>
internal sealed class LoadedEngine(ISegmenter segmenter, ModelDefaults defaults, LabelSet labels, LabelEmbeddings embeddings) : IEngineSource, IEngineLease
{
    public ModelDefaults Defaults => defaults;

    public ISegmenter Segmenter => segmenter;

    public EngineGate Gate { get; } = new();

    public LabelSet LabelSet => labels;

    public LabelEmbeddings Labels => embeddings;

    public Task<IEngineLease> RentAsync(string modelId, IReadOnlyList<LabelClass> classes, IReadOnlyList<string>? templates, CancellationToken cancellationToken) =>
        Task.FromResult<IEngineLease>(this);

    /// <summary>Ends a lease, of which there are many; the engine stays.</summary>
    public void Dispose()
    {
    }
}
