using System.Text.Json.Serialization;

namespace Sclip.Contracts.Board;

/// <summary>What a worker is about.</summary>
public enum WorkerPhase
{
    /// <summary>Its model is not there yet, or the broker has had no consumer of its for a minute.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    /// <summary>It takes shards.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>It takes no more, and saves what it has in work.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,
}
