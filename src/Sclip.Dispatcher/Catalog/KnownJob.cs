using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Catalog;

/// <summary>How the catalogue knows an ended job, to be compared with its blobs.</summary>
/// <param name="Id">The job.</param>
/// <param name="State">How it ended.</param>
/// <param name="Completed">When its summary was written; each summary has another time.</param>
internal sealed record KnownJob(string Id, JobState State, DateTimeOffset? Completed);
