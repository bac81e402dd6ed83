using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Telemetry;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage.Jobs;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Worker.Shards;

/// <summary>Sets up the pipeline as a job asks for it.</summary>
/// <param name="stores">The images and outputs of jobs.</param>
/// <param name="decoder">What decodes images.</param>
/// <param name="loss">Told where it does not come back from one.</param>
/// <param name="worker">How this worker works.</param>
internal sealed class JobPipelines(JobStores stores, WatchedDecoder decoder, IDecoderLoss loss, WorkerOptions worker)
{
    private readonly WatchedDecoder _decoder = decoder with
    {
        Lost = image =>
        {
            SclipTelemetry.LostThreads.Add(1);
            loss.Lose(image, decoder.Time);
        },
    };

    /// <summary>The settings of a job, as the pipeline has them; they are the same for all of its shards.</summary>
    /// <exception cref="JobException">Thresholds of the job need a background, and it has none, or another than it was submitted with.</exception>
    /// <exception cref="SegmentationException">The model or the method cannot be used so.</exception>
    public PipelineOptions Options(JobDocument job, IEngineLease engine)
    {
        var background = engine.LabelSet.BackgroundClass;
        if (SettingRanges.Background(job.Settings.ProbabilityThreshold, job.Settings.AreaThreshold, background is not null) is { } refusal)
            throw new JobException(refusal);
        // Jobs of versions before this rule took the first class where none is marked; what is labelled of one stays of one kind.
        if (background is > 0 and var named && !job.Labels[named].Background && SettingRanges.NeedsBackground(job.Settings.ProbabilityThreshold, job.Settings.AreaThreshold))
            throw new JobException($"the job was submitted to an older version, whose thresholds fall back to the first class '{job.Labels[0].Name}'; now they fall back to '{job.Labels[named].Name}'. Submit it again.");
        var pipeline = PipelineOptions.Of(
            job.Settings, engine.Defaults, worker.Limits, worker.DeviceRequest().Batch, worker.Threads, engine.Segmenter.ResizesPictures);
        if (job.FeaturesOf is null)
            engine.Segmenter.Require(pipeline.Segmentation, pipeline.KeepFeatures is not null);
        return pipeline with
        {
            Decoder = _decoder,
            EnterEngineAsync = async token => await engine.Gate.EnterAsync(job.IsUrgent(), token),
        };
    }

    /// <summary>A pipeline that labels the images of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="engine">Its model and labels.</param>
    /// <param name="options">Its settings.</param>
    public LabelPipeline Create(JobDocument job, IEngineLease engine, PipelineOptions options)
    {
        var labeller = stores.Features(job) is null && options.KeepFeatures is null ? null : engine.Labeller;
        return new LabelPipeline(engine.Segmenter, engine.Labels, engine.LabelSet.Classes, stores.Outputs(job), options, labeller);
    }

    /// <summary>The images of a shard, as the pipeline takes them; one whose name cannot be used is a failure from the start.</summary>
    public IEnumerable<PictureReference> Pictures(JobDocument job, IEnumerable<ImageReference> images)
    {
        var (store, features) = (stores.Images(job), stores.Features(job));
        foreach (var image in images)
        {
            var failure = JobNames.Refusal(image.Name) is { } refusal ? new PictureFailure(FailureReasons.Name, $"the image cannot be labelled under this name: {refusal}") : null;
            yield return new PictureReference(image.Name, store, image.Name, image.Bytes, image.Modified, failure) { FeatureStore = features };
        }
    }
}
