using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Telemetry;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Worker.Shards;

/// <summary>
/// Labels a shard: rents its engine, claims it, labels the images that have no result yet, saves now and then, commits. Whatever happens
/// on the way, what is saved stays done, and an uncommitted shard is delivered again.
/// </summary>
/// <param name="stores">The job's documents, images and outputs.</param>
/// <param name="engines">Models and label sets.</param>
/// <param name="decoder">What decodes images.</param>
/// <param name="loss">Told where it does not come back from one.</param>
/// <param name="options">How this worker works.</param>
/// <param name="identity">Who this worker is.</param>
/// <param name="observer">Hears of each result.</param>
/// <param name="logger">Where it says what became of shards.</param>
public sealed partial class ShardRunner(
    JobStores stores, IEngineSource engines, WatchedDecoder decoder, IDecoderLoss loss, WorkerOptions options, WorkerIdentity identity, IShardObserver observer, ILogger<ShardRunner> logger)
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(5);

    private readonly JobPipelines _pipelines = new(stores, decoder, loss, options);
    private readonly UrgentShards _urgent = new(engines.Devices);

    private JobBlobs Jobs => stores.Jobs;

    /// <summary>Labels a shard, as far as it can.</summary>
    /// <param name="job">The job.</param>
    /// <param name="shard">The shard's number.</param>
    /// <param name="stop">Takes no further image, saves what is done and lets the shard go.</param>
    /// <param name="abort">Gives up at once, with what was saved last.</param>
    /// <exception cref="UnusableShardException">The job has no such shard, or it is damaged.</exception>
    /// <exception cref="BlobStoreException">A store does not answer.</exception>
    /// <exception cref="ModelUnavailableException">The model cannot be had now.</exception>
    /// <exception cref="DeviceLostException">The device failed; what was done before is saved.</exception>
    public async Task<ShardOutcome> RunAsync(JobDocument job, int shard, CancellationToken stop, CancellationToken abort)
    {
        if (await Jobs.Store.ExistsAsync(JobNames.Result(job.Id, shard), abort))
        {
            await DeleteLeftDraftAsync(job, shard, abort);
            return ShardOutcome.WasDone;
        }
        if (await Jobs.IsEndedAsync(job.Id, abort))
            return ShardOutcome.JobEnded;
        var images = await ReadShardAsync(job, shard, abort);
        if (stop.IsCancellationRequested)
            return ShardOutcome.Unfinished;
        try
        {
            using var engine = await engines.RentAsync(job.Model, job.Settings.Guide, job.Labels, job.Settings.Templates, abort);
            // Before the shard is claimed: what is wrong with the settings is the job's fault, and no delivery's.
            var pipelineOptions = _pipelines.Options(job, engine);
            return await LabelAsync(job, shard, images, engine, pipelineOptions, stop, abort);
        }
        catch (Exception error) when (error is JobException or SegmentationException or ModelFormatException)
        {
            await Jobs.FailAsync(job.Id, new JobFailure { Reason = error.Message, Time = DateTimeOffset.UtcNow, Worker = identity.Name }, abort);
            observer.Failed(error);
            LogJobRefused(job.Id, error.Message);
            return ShardOutcome.JobEnded;
        }
    }

    private async Task<IReadOnlyList<ImageReference>> ReadShardAsync(JobDocument job, int shard, CancellationToken abort)
    {
        try
        {
            return await Jobs.ReadShardAsync(job.Id, shard, abort) ?? throw new UnusableShardException($"Job {job.Id} has no shard {shard}.");
        }
        catch (JobDocumentException error)
        {
            throw new UnusableShardException(error.Message);
        }
    }

    private async Task<ShardOutcome> LabelAsync(
        JobDocument job, int shard, IReadOnlyList<ImageReference> images, IEngineLease engine, PipelineOptions pipelineOptions, CancellationToken stop, CancellationToken abort)
    {
        var claimed = await ShardLedger.ClaimAsync(Jobs, job.Id, shard, identity.Name, options, stop, abort);
        if (claimed is not { } ledger)
            return await Jobs.Store.ExistsAsync(JobNames.Result(job.Id, shard), abort) ? ShardOutcome.WasDone : ShardOutcome.Unfinished;
        if (ledger.IsRedelivery)
        {
            SclipTelemetry.Redeliveries.Add(1);
            LogRedelivery(job.Id, shard, ledger.Results.Count, images.Count, ledger.OneByOne);
        }
        using var urgent = job.IsUrgent() ? _urgent.Begin() : null;
        // One by one, that is before an image is said to be under way: one that waits is not to look like one that kills.
        if (!job.IsUrgent() && !ledger.OneByOne)
            pipelineOptions = pipelineOptions with { GiveWayAsync = _urgent.GiveWayAsync };
        var left = _pipelines.Pictures(job, images.Where(image => !ledger.Results.ContainsKey(image.Name)));
        var pipeline = _pipelines.Create(job, engine, pipelineOptions);

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(TimeSpan.FromSeconds(options.HoldSeconds));
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var ended = JobEndWatch.RunAsync(Jobs, job.Id, enough, watch.Token);
        bool kept, jobEnded;
        try
        {
            // Another delivery may have committed it since this one looked: while this waited for its engine, or stood still with its machine.
            if (ledger.IsNew && await Jobs.Store.ExistsAsync(JobNames.Result(job.Id, shard), abort))
            {
                await ledger.DeleteAsync(abort);
                return ShardOutcome.WasDone;
            }
            kept = ledger.OneByOne
                ? await LabelOneByOneAsync(job, shard, left, pipeline, ledger, enough.Token, abort)
                : await LabelTogetherAsync(job, shard, left, pipeline, ledger, enough.Token, abort);
        }
        catch
        {
            await ReleaseQuietlyAsync(ledger);
            throw;
        }
        finally
        {
            await watch.CancelAsync();
            jobEnded = await ended;
        }
        if (!kept)
            return ShardOutcome.TakenOver;
        if (ledger.Results.Count == images.Count)
            return await CommitAsync(job, shard, images, ledger, abort);
        if (!await ledger.ReleaseAsync(abort))
            return ShardOutcome.TakenOver;
        // Of a cancelled job, too, what is labelled stays: a retry goes on from it.
        return jobEnded ? ShardOutcome.JobEnded : ShardOutcome.Unfinished;
    }

    /// <summary>Lets a shard go whose delivery fails, so that the failure is not taken for the death of the process.</summary>
    private static async Task ReleaseQuietlyAsync(ShardLedger ledger)
    {
        using var timeout = new CancellationTokenSource(ReleaseTimeout);
        try
        {
            await ledger.ReleaseAsync(timeout.Token);
        }
        catch (Exception error) when (error is BlobStoreException or OperationCanceledException)
        {
            // The store does not answer, which most likely is why the delivery failed; what was saved last holds.
        }
    }

    private async Task<bool> LabelTogetherAsync(
        JobDocument job, int shard, IEnumerable<PictureReference> pictures, LabelPipeline pipeline, ShardLedger ledger, CancellationToken stop, CancellationToken abort)
    {
        await foreach (var result in pipeline.RunAsync(pictures, stop, abort))
        {
            ledger.Add(result);
            observer.Labelled(job, shard, result);
            if (ledger.SecondsSinceSave >= options.CheckpointSeconds && !await ledger.SaveAsync(abort))
                return false;
        }
        return true;
    }

    private async Task<bool> LabelOneByOneAsync(
        JobDocument job, int shard, IEnumerable<PictureReference> pictures, LabelPipeline pipeline, ShardLedger ledger, CancellationToken stop, CancellationToken abort)
    {
        foreach (var picture in pictures)
        {
            if (!job.IsUrgent())
                await _urgent.GiveWayAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
                break;
            if (!await ledger.BeginAsync(picture.Name, abort))
                return false;
            await foreach (var result in pipeline.RunAsync([picture], stop, abort))
            {
                ledger.Add(result);
                observer.Labelled(job, shard, result);
            }
        }
        return true;
    }

    private async Task<ShardOutcome> CommitAsync(JobDocument job, int shard, IReadOnlyList<ImageReference> images, ShardLedger ledger, CancellationToken abort)
    {
        using var clock = new StageClock("commit", image: null);
        var committed = await Jobs.CommitResultAsync(job.Id, shard, images.Select(image => ledger.Results[image.Name]), abort);
        await ledger.DeleteAsync(abort);
        return committed ? ShardOutcome.Completed : ShardOutcome.WasDone;
    }

    /// <summary>
    /// Deletes the draft of a delivery that died between its commit and this, or let go what another had committed. One that no delivery has had was
    /// made to do the shard again.
    /// </summary>
    private async Task DeleteLeftDraftAsync(JobDocument job, int shard, CancellationToken abort)
    {
        if (await Jobs.ReadDraftAsync(job.Id, shard, abort) is { Head.Deliveries: > 0 })
            await Jobs.Store.DeleteAsync(JobNames.Draft(job.Id, shard), abort);
    }

    [LoggerMessage(1, LogLevel.Warning, "Shard {Shard} of job {Job} was left unfinished before: {Done} of {Images} images are done; one by one: {OneByOne}.")]
    private partial void LogRedelivery(string job, int shard, int done, int images, bool oneByOne);

    [LoggerMessage(2, LogLevel.Error, "Job {Job} cannot be done: {Reason}")]
    private partial void LogJobRefused(string job, string reason);
}
