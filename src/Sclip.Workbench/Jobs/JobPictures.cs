using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Storage.Jobs;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Jobs;

/// <summary>Chooses pictures of a job.</summary>
internal sealed class JobPictures(JobStores stores, ImageFinder finder)
{
    /// <summary>The pictures of a sample, and what comes first in them, in words.</summary>
    /// <exception cref="WorkbenchException">There are no such pictures.</exception>
    /// <exception cref="JobDocumentException">A document of the job is damaged.</exception>
    public async Task<(IReadOnlyList<PictureReference> Pictures, string Order)> ChooseAsync(JobDocument job, JobSample sample, CancellationToken cancellationToken)
    {
        var query = new ImageQuery { Status = ImageStatus.Ok, Limit = sample.Count, Order = ImageOrder.Doubt };
        if (sample.Order == SampleOrder.Class)
            query = query with { Order = ImageOrder.Share, Class = ClassOf(job, sample) };
        if (sample.Order != SampleOrder.Chance && await stores.Jobs.ReadResultsAsync(job.Id, cancellationToken).AnyAsync(results => results.Any(result => result.Status == ImageStatus.Ok), cancellationToken))
        {
            var images = await finder.FindAsync(job.Id, query, cancellationToken);
            if (images.Count == 0)
                throw new WorkbenchException(404, $"No picture of job {job.Id} that is labelled by now has the class '{JobNames.Shown(query.Class)}'; take another class, or the order doubt.");
            return (References(job, images.Select(image => image.Image)), query.Class is { } name ? $"most {name}" : "least sure");
        }
        var names = await ByChanceAsync(job, sample, cancellationToken);
        return names.Count > 0
            ? (References(job, names), "by chance")
            : throw new WorkbenchException(409, await stores.Jobs.ReadPlanAsync(job.Id, cancellationToken) is null
                ? $"The pictures of job {job.Id} are not listed yet: begin the session again in a moment."
                : $"Job {job.Id} has no picture that is not a failed one.");
    }

    private static string ClassOf(JobDocument job, JobSample sample)
    {
        if (sample.Class is not { Length: > 0 } name)
            throw new WorkbenchException(400, "The order class needs a class, by its name.");
        return job.Labels.Any(label => label.Name == name)
            ? name
            : throw new WorkbenchException(400, $"Job {job.Id} has no class '{JobNames.Shown(name)}'.");
    }

    /// <summary>
    /// Pictures by chance, spread over the shards, of which no more are read than are needed: those that are labelled, and of shards that no worker has
    /// begun any.
    /// </summary>
    private async Task<IReadOnlyList<string>> ByChanceAsync(JobDocument job, JobSample sample, CancellationToken cancellationToken)
    {
        var (random, chosen) = (new Random(sample.Seed), new List<string>());
        var shards = await stores.Jobs.ListShardsAsync(JobNames.Shards(job.Id), cancellationToken).ToArrayAsync(cancellationToken);
        random.Shuffle(shards);
        foreach (var group in shards.Chunk(sample.Count))
        {
            var rest = new List<string[]>();
            foreach (var shard in group)
            {
                var names = await NamesAsync(job.Id, shard, cancellationToken);
                random.Shuffle(names);
                rest.Add(names);
            }
            // One of each, then the next of each.
            for (var i = 0; rest.Any(names => i < names.Length); i++)
                foreach (var names in rest.Where(names => i < names.Length))
                    if (chosen.Count < sample.Count)
                        chosen.Add(names[i]);
            if (chosen.Count == sample.Count)
                break;
        }
        return [.. chosen.Order(StringComparer.Ordinal)];
    }

    private async Task<string[]> NamesAsync(string id, int shard, CancellationToken cancellationToken)
    {
        var jobs = stores.Jobs;
        if ((await jobs.ReadResultAsync(id, shard, cancellationToken) ?? (await jobs.ReadDraftAsync(id, shard, cancellationToken))?.Results) is { Count: > 0 } results)
            return [.. results.Where(result => result.Status == ImageStatus.Ok).Select(result => result.Image)];
        return [.. (await jobs.ReadShardAsync(id, shard, cancellationToken) ?? []).Select(image => image.Name).Where(name => JobNames.Refusal(name) is null)];
    }

    private PictureReference[] References(JobDocument job, IEnumerable<string> names)
    {
        var (images, features) = (stores.Images(job), job.Settings.KeepFeatures is null ? stores.Features(job) : stores.Outputs(job));
        return [.. names.Select(name => new PictureReference(name, images, name) { FeatureStore = features })];
    }
}
