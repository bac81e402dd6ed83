using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Labelling;

/// <summary>The engines of a run, one on each device, loaded before its job begins.</summary>
internal sealed class LoadedEngines : IEngineSource, IDisposable
{
    private readonly List<(ISegmenter Segmenter, FeatureLabeller Labeller, EngineGate Gate)> _engines = [];
    private readonly LeaseBalance _balance;
    private readonly ModelDefaults _defaults;
    private readonly LabelSet _labels;
    private readonly LabelEmbeddings _embeddings;

    private LoadedEngines(int count, ModelDefaults defaults, LabelSet labels, LabelEmbeddings embeddings) =>
        (_balance, _defaults, _labels, _embeddings) = (new LeaseBalance(count), defaults, labels, embeddings);

    /// <summary>How many there are.</summary>
    public int Count => _engines.Count;

    /// <summary>Makes an engine on each device.</summary>
    /// <exception cref="DeviceException">The model does not fit into one of them.</exception>
    public static LoadedEngines Of(EngineDevices devices, ClipModel model, LabelSet labels, LabelEmbeddings embeddings)
    {
        var engines = new LoadedEngines(devices.All.Count, model.Defaults, labels, embeddings);
        try
        {
            foreach (var device in devices.All)
                engines._engines.Add((device.CreateSegmenter(model), new FeatureLabeller(model), new EngineGate()));
            return engines;
        }
        catch
        {
            engines.Dispose();
            throw;
        }
    }

    public Task<IEngineLease> RentAsync(string modelId, string? guideId, IReadOnlyList<LabelClass> classes, IReadOnlyList<string>? templates, CancellationToken cancellationToken) =>
        Task.FromResult<IEngineLease>(new Lease(this, _balance.Take()));

    public void Dispose()
    {
        foreach (var (segmenter, labeller, _) in _engines)
        {
            segmenter.Dispose();
            labeller.Dispose();
        }
    }

    private sealed class Lease(LoadedEngines engines, int index) : IEngineLease
    {
        public ModelDefaults Defaults => engines._defaults;

        public ISegmenter Segmenter => engines._engines[index].Segmenter;

        public FeatureLabeller Labeller => engines._engines[index].Labeller;

        public EngineGate Gate => engines._engines[index].Gate;

        public LabelSet LabelSet => engines._labels;

        public LabelEmbeddings Labels => engines._embeddings;

        public void Dispose() => engines._balance.Give(index);
    }
}
