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
    public Task WritePriorityAsync(string id, JobPriority priority, CancellationToken cancellationToken) =>
        store.WriteAsync(JobNames.Priority(id), JsonSerializer.SerializeToUtf8Bytes(priority, Json.Default.JobPriority), WriteCondition.None, cancellationToken);
}
