using System.Text.Json.Serialization;

namespace Sclip.Contracts.Jobs;

/// <summary>What a job waits for.</summary>
public enum JobWaitKind
{
    /// <summary>The broker, which does not answer.</summary>
    [JsonStringEnumMemberName("broker")]
    Broker,

    /// <summary>A worker: none takes shards.</summary>
    [JsonStringEnumMemberName("worker")]
    Worker,

    /// <summary>Its model, which workers cannot have now.</summary>
    [JsonStringEnumMemberName("model")]
    Model,

    /// <summary>A worker with the device that it asks for.</summary>
    [JsonStringEnumMemberName("device")]
    Device,

    /// <summary>Its turn: the shards of other jobs come first.</summary>
    [JsonStringEnumMemberName("turn")]
    Turn,

    /// <summary>Its next try, after deliveries that failed.</summary>
    [JsonStringEnumMemberName("retry")]
    Retry,

    /// <summary>Somebody to enqueue its shards again: they were given up, or their messages are lost.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,
}
