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

/// <summary>What the states have in common.</summary>
public static class JobStates
{
    /// <summary>Whether a job in a state does not go on by itself.</summary>
    public static bool HasEnded(this JobState state) => state is JobState.Completed or JobState.Cancelled or JobState.Failed;
}
