using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>The priority of a job where it was changed: beside its document, which never changes.</summary>
public sealed partial class JobBlobs
{
    /// <summary>Reads a job's changed priority; null where it is that of its document.</summary>
    public async Task<JobPriority?> ReadPriorityAsync(string id, CancellationToken cancellationToken) =>
        // Hardly any job has one: looking is cheaper than a reading that fails.
        await store.ExistsAsync(JobNames.Priority(id), cancellationToken) ? await ReadAsync(JobNames.Priority(id), Json.Default.JobPriority, cancellationToken) : null;

    /// <summary>Changes a job's priority; of several changes at once the last one holds.</summary>
    /// <returns>The tag of the change.</returns>
    public async Task<string> WritePriorityAsync(string id, JobPriority priority, CancellationToken cancellationToken) =>
        (await WriteAsync(id, priority, WriteCondition.None, cancellationToken))!;

    /// <summary>Reads a job's changed priority while its shards are yet to be in the queue where they belong by it, with the tag of the change; else null.</summary>
    public async Task<(JobPriority Priority, string ETag)?> ReadMovingPriorityAsync(string id, CancellationToken cancellationToken) =>
        await store.TryReadAsync(JobNames.Priority(id), LargestDocument, cancellationToken) is { } content
            && Parse(JobNames.Priority(id), content.Bytes, Json.Default.JobPriority) is { Moving: true } priority ? (priority, content.ETag) : null;

    /// <summary>Notes that a job's shards are in the queue where they belong by a change of its priority; of a later change nothing is said.</summary>
    public Task SettlePriorityAsync(string id, JobPriority priority, string etag, CancellationToken cancellationToken) => WriteAsync(id, priority with { Moving = null }, WriteCondition.Matches(etag), cancellationToken);

    private Task<string?> WriteAsync(string id, JobPriority priority, WriteCondition condition, CancellationToken cancellationToken) =>
        store.WriteAsync(JobNames.Priority(id), JsonSerializer.SerializeToUtf8Bytes(priority, Json.Default.JobPriority), condition, cancellationToken);
}
