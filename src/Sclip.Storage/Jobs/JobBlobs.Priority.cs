using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Storage.Jobs;

/// <summary>The priority of a job where it was changed: beside its document, which never changes.</summary>
public sealed partial class JobBlobs
{
    private const int TriesOfPriority = 5;

    /// <summary>Reads a job's changed priority; null where it is that of its document.</summary>
    public async Task<JobPriority?> ReadPriorityAsync(string id, CancellationToken cancellationToken) =>
        // Hardly any job has one: looking is cheaper than a reading that fails.
        await store.ExistsAsync(JobNames.Priority(id), cancellationToken) ? await ReadAsync(JobNames.Priority(id), Json.Default.JobPriority, cancellationToken) : null;

    /// <summary>Changes a job's priority; of several changes at once the last one holds.</summary>
    /// <exception cref="BlobStoreException">Others change it time and again.</exception>
    public async Task WritePriorityAsync(string id, JobPriority priority, CancellationToken cancellationToken)
    {
        var name = JobNames.Priority(id);
        for (var i = 0; i < TriesOfPriority; i++)
        {
            var there = await store.TryReadAsync(name, LargestDocument, cancellationToken);
            if (await store.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(priority, Json.Default.JobPriority), there is null ? WriteCondition.Missing : WriteCondition.Matches(there.ETag), cancellationToken) is not null)
                return;
        }
        throw new BlobStoreException(BlobStoreFault.Unavailable, $"{name} cannot be written: others change it at the same time. Try again.");
    }
}
