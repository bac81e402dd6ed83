using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>The documents of jobs in their container.</summary>
/// <param name="store">The container that holds the jobs.</param>
public sealed partial class JobBlobs(IBlobStore store)
{
    internal const long LargestDocument = 256L << 20;

    /// <summary>The container that holds the jobs.</summary>
    public IBlobStore Store => store;

    /// <summary>Reads a job, with the priority that it has now; null where there is none.</summary>
    /// <exception cref="JobDocumentException">It is damaged, or of a later version.</exception>
    public async Task<JobDocument?> ReadJobAsync(string id, CancellationToken cancellationToken)
    {
        var job = await ReadAsync(JobNames.Job(id), Json.Default.JobDocument, cancellationToken);
        if (job is null)
            return null;
        if (job.Version != JobDocument.CurrentVersion)
            throw new JobDocumentException($"{JobNames.Job(id)} is of version {job.Version}; this program reads {JobDocument.CurrentVersion}. Update it.");
        return await ReadPriorityAsync(id, cancellationToken) is { } changed ? job with { Priority = changed.Priority } : job;
    }

    /// <summary>Writes a job; false where there is one of that id already.</summary>
    public Task<bool> CreateJobAsync(JobDocument job, CancellationToken cancellationToken) => CreateAsync(JobNames.Job(job.Id), job, Json.Default.JobDocument, cancellationToken);

    /// <summary>Reads how a job was cut; null while that is not known.</summary>
    public Task<JobPlan?> ReadPlanAsync(string id, CancellationToken cancellationToken) => ReadAsync(JobNames.Plan(id), Json.Default.JobPlan, cancellationToken);

    /// <summary>Writes how a job was cut; false where that is written already.</summary>
    public Task<bool> CreatePlanAsync(string id, JobPlan plan, CancellationToken cancellationToken) => CreateAsync(JobNames.Plan(id), plan, Json.Default.JobPlan, cancellationToken);

    /// <summary>Reads a shard; null where there is none.</summary>
    public async Task<IReadOnlyList<ImageReference>?> ReadShardAsync(string id, int shard, CancellationToken cancellationToken) =>
        await store.TryReadAsync(JobNames.Shard(id, shard), LargestDocument, cancellationToken) is { } content
            ? [.. JsonLines.Split(content.Bytes).Select((line, i) => Parse(JobNames.Shard(id, shard), line, Json.Default.ImageReference, i))]
            : null;

    /// <summary>Writes a shard; false where there is one of that number already.</summary>
    public async Task<bool> CreateShardAsync(string id, int shard, IEnumerable<ImageReference> images, CancellationToken cancellationToken) =>
        await store.WriteAsync(JobNames.Shard(id, shard), JsonLines.Join(images.Select(image => JsonSerializer.SerializeToUtf8Bytes(image, Json.Default.ImageReference))), WriteCondition.Missing, cancellationToken) is not null;

    /// <summary>Reads a shard's results; null where it has none.</summary>
    public async Task<IReadOnlyList<ImageResult>?> ReadResultAsync(string id, int shard, CancellationToken cancellationToken) =>
        await store.TryReadAsync(JobNames.Result(id, shard), LargestDocument, cancellationToken) is { } content
            ? [.. JsonLines.Split(content.Bytes).Select((line, i) => Parse(JobNames.Result(id, shard), line, Json.Default.ImageResult, i))]
            : null;

    /// <summary>Commits a shard's results; false where they were committed before.</summary>
    public async Task<bool> CommitResultAsync(string id, int shard, IEnumerable<ImageResult> results, CancellationToken cancellationToken) =>
        await store.WriteAsync(JobNames.Result(id, shard), JsonLines.Join(results.Select(Serialize)), WriteCondition.Missing, cancellationToken) is not null;

    /// <summary>Reads a shard's draft; null where there is none.</summary>
    public async Task<(ShardDraft Head, IReadOnlyList<ImageResult> Results, string ETag)?> ReadDraftAsync(string id, int shard, CancellationToken cancellationToken)
    {
        var name = JobNames.Draft(id, shard);
        if (await store.TryReadAsync(name, LargestDocument, cancellationToken) is not { } content)
            return null;
        var lines = JsonLines.Split(content.Bytes).ToArray();
        return lines.Length == 0
            ? throw new JobDocumentException($"{name} is empty.")
            : (Parse(name, lines[0], Json.Default.ShardDraft), [.. lines[1..].Select((line, i) => Parse(name, line, Json.Default.ImageResult, i + 1))], content.ETag);
    }

    /// <summary>Writes a shard's draft over the version of a tag, or as the first where that is null.</summary>
    /// <returns>The new tag; null where another was faster.</returns>
    public Task<string?> WriteDraftAsync(string id, int shard, ShardDraft head, IEnumerable<ImageResult> results, string? etag, CancellationToken cancellationToken) => store.WriteAsync(
        JobNames.Draft(id, shard),
        JsonLines.Join(results.Select(Serialize).Prepend(JsonSerializer.SerializeToUtf8Bytes(head, Json.Default.ShardDraft))),
        etag is null ? WriteCondition.Missing : WriteCondition.Matches(etag),
        cancellationToken);

    /// <summary>Reads why no worker can do a job; null where that is not so.</summary>
    public Task<JobFailure?> ReadFailureAsync(string id, CancellationToken cancellationToken) => ReadAsync(JobNames.Failed(id), Json.Default.JobFailure, cancellationToken);

    /// <summary>Marks a job as one that no worker can do; false where it is marked already.</summary>
    public Task<bool> FailAsync(string id, JobFailure failure, CancellationToken cancellationToken) => CreateAsync(JobNames.Failed(id), failure, Json.Default.JobFailure, cancellationToken);

    /// <summary>Reads what a job waits for; null where no worker has put a shard of it back. A note that cannot be read is none.</summary>
    public async Task<JobWait?> ReadWaitAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(JobNames.Waiting(id), Json.Default.JobWait, cancellationToken);
        }
        catch (JobDocumentException)
        {
            return null;
        }
    }

    /// <summary>Notes what a job waits for.</summary>
    public Task WriteWaitAsync(string id, JobWait wait, CancellationToken cancellationToken) =>
        store.WriteAsync(JobNames.Waiting(id), JsonSerializer.SerializeToUtf8Bytes(wait, Json.Default.JobWait), WriteCondition.None, cancellationToken);

    /// <summary>Reads a job's summary; null while it is not complete.</summary>
    public Task<JobSummary?> ReadSummaryAsync(string id, CancellationToken cancellationToken) => ReadAsync(JobNames.Summary(id), Json.Default.JobSummary, cancellationToken);

    /// <summary>Writes a job's summary; false where it is written already.</summary>
    public Task<bool> CreateSummaryAsync(string id, JobSummary summary, CancellationToken cancellationToken) => CreateAsync(JobNames.Summary(id), summary, Json.Default.JobSummary, cancellationToken);

    /// <summary>Marks a job as cancelled: workers leave its shards.</summary>
    public Task CancelAsync(string id, CancellationToken cancellationToken) =>
        store.WriteAsync(JobNames.Cancelled(id), ReadOnlyMemory<byte>.Empty, WriteCondition.Missing, cancellationToken);

    /// <summary>Whether workers are to leave a job's shards: it was cancelled, or no worker can do it.</summary>
    public async Task<bool> IsEndedAsync(string id, CancellationToken cancellationToken) =>
        await store.ExistsAsync(JobNames.Cancelled(id), cancellationToken) || await store.ExistsAsync(JobNames.Failed(id), cancellationToken);

    /// <summary>Ids of all jobs, in no certain order; none where the container is yet to be created. Folders that are no jobs are passed over.</summary>
    public async IAsyncEnumerable<string> ListJobsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var folders = store.ListFoldersAsync(JobNames.Root, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync())
            if (JobNames.IsId(folders.Current))
                yield return folders.Current;

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await folders.MoveNextAsync();
            }
            catch (BlobStoreException error) when (error.Fault == BlobStoreFault.Missing)
            {
                return false;
            }
        }
    }

    /// <summary>Numbers of the shards that have a blob below a prefix (<see cref="JobNames.Shards"/>, <see cref="JobNames.Results"/>), ascending by name.</summary>
    public async IAsyncEnumerable<int> ListShardsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in store.ListAsync(prefix, after: null, cancellationToken))
            if (JobNames.ShardOf(blob.Name) is { } shard)
                yield return shard;
    }

    /// <summary>The results of a job, shard by shard: those that are committed, else those so far of a shard that is at work or was stopped.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public IAsyncEnumerable<IReadOnlyList<ImageResult>> ReadResultsAsync(string id, CancellationToken cancellationToken) => ReadShardsAsync(id, cancellationToken).Select(shard => shard.Results);

    /// <summary>The same, each with the number of its shard.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async IAsyncEnumerable<(int Shard, IReadOnlyList<ImageResult> Results)> ReadShardsAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In this order: a shard that ends meanwhile is in one of the lists at least.
        var shards = await ListShardsAsync(JobNames.Drafts(id), cancellationToken).ToHashSetAsync(cancellationToken: cancellationToken);
        await foreach (var shard in ListShardsAsync(JobNames.Results(id), cancellationToken))
            shards.Add(shard);
        foreach (var shard in shards.Order())
            if (await ReadLatestAsync(id, shard, cancellationToken) is { } results)
                yield return (shard, results);
    }

    /// <summary>The results of a shard: those that are committed, else those so far where it is at work or was stopped; null where it has none.</summary>
    /// <exception cref="JobDocumentException">A document is damaged.</exception>
    public async Task<IReadOnlyList<ImageResult>?> ReadLatestAsync(string id, int shard, CancellationToken cancellationToken) =>
        await ReadResultAsync(id, shard, cancellationToken)
            ?? (await ReadDraftAsync(id, shard, cancellationToken))?.Results
            // Committed between the two.
            ?? await ReadResultAsync(id, shard, cancellationToken);

    private async Task<T?> ReadAsync<T>(string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await store.TryReadAsync(name, LargestDocument, cancellationToken) is { } content ? Parse(name, content.Bytes, type) : null;

    private async Task<bool> CreateAsync<T>(string name, T document, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await store.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(document, type), WriteCondition.Missing, cancellationToken) is not null;

    internal static T Parse<T>(string name, ReadOnlyMemory<byte> json, JsonTypeInfo<T> type, int lines = 0)
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, type) ?? throw new JobDocumentException($"{name} is not valid: it is null.");
        }
        catch (JsonException error)
        {
            throw new JobDocumentException($"{name} is not valid: {JsonFault.Describe(error, lines)}", error);
        }
    }

    private static byte[] Serialize(ImageResult result) => Encoding.UTF8.GetBytes(result.ToLine());
}
