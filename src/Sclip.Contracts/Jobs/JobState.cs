using System.Text.Json.Serialization;

namespace Sclip.Contracts.Jobs;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>Its images are still being listed; workers may be at work already.</summary>
    [JsonStringEnumMemberName("planning")]
    Planning,

    /// <summary>All shards are there, not all have results, and no worker has one in work; the reason says what it waits for.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>All shards are there, not all have results, and workers have some in work.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>All shards have results.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It was cancelled.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>No worker can do it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
