using System.Security.Cryptography;
using System.Text;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Jobs;

/// <summary>Begins sessions with pictures of jobs, by all that those depend on but PAMR.</summary>
internal sealed class JobSessions(
    WorkbenchOptions options, JobStores stores, JobPictures pictures, SharedEngines engines, ModelLocator locator, SessionStore sessions, FeatureBudget budget, WatchedDecoder decoder) : IJobSessions
{
    // A request with more names is none that a page passes on.
    private const long LargestList = 1L << 20;

    /// <inheritdoc />
    public async Task<Session> BeginAsync(JobSample sample, CancellationToken cancellationToken)
    {
        if (sample.Count is < 1 or > SessionSetup.MostPictures)
            throw new WorkbenchException(400, $"count must lie in 1..{SessionSetup.MostPictures}; it is {sample.Count}.");
        var job = JobNames.IsId(sample.Job) ? await stores.Jobs.ReadJobAsync(sample.Job, cancellationToken) : null;
        if (job is null)
            throw new WorkbenchException(404, $"There is no job '{JobNames.Shown(sample.Job)}'.");
        // Two that begin at once may both be the last; memory is bounded by what their features may take.
        if (sessions.All.Count >= options.MostSessions)
            throw new WorkbenchException(429, $"There are {sessions.All.Count} sessions already, and the workbench has room for no more: end one; it ends by itself once nobody has used it for {options.IdleMinutes:0.##} minutes.");
        var (chosen, order) = await pictures.ChooseAsync(job, sample, cancellationToken);
        var images = await ListedAsync(job, cancellationToken);
        var engine = await engines.RentAsync(job.Model, job.Settings.Guide, cancellationToken);
        try
        {
            var session = new Session(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), Setup(job, chosen, order, images, engine.Value), engine.Value) { Held = engine };
            sessions.Add(session);
            session.Begin();
            return session;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private SessionSetup Setup(JobDocument job, IReadOnlyList<PictureReference> chosen, string order, IReadOnlyList<string>? images, WorkbenchEngine engine)
    {
        var settings = PipelineOptions.Of(job.Settings with { PamrSteps = 0 }, engine.Model.Defaults, options.Limits, options.DeviceRequest().Batch, options.Threads, engine.Segmenter.ResizesPictures);
        return new SessionSetup
        {
            Title = $"{job.Name ?? job.Id} ({order}{(job.Settings.PamrSteps > 0 ? ", without PAMR" : "")})",
            Job = job.Id,
            Model = job.Model,
            Options = settings with { Decoder = decoder },
            Templates = engine.Model.Defaults.PromptsOf(job.Settings.Templates),
            Pictures = chosen,
            Labels = job.Labels,
            Plan = new JobPlans(job, images).Plan,
            Budget = budget,
            CacheDirectory = locator.Cache.LabelEmbeddings,
        };
    }

    /// <summary>The names that a job was submitted with, where they are few.</summary>
    private async Task<IReadOnlyList<string>?> ListedAsync(JobDocument job, CancellationToken cancellationToken)
    {
        if (!job.Input.Listed)
            return null;
        try
        {
            return Encoding.UTF8.GetString((await stores.Jobs.Store.ReadAsync(JobNames.InputList(job.Id), LargestList, cancellationToken)).Bytes).Split('\n');
        }
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.TooLarge)
        {
            return null;
        }
    }
}
