namespace Sclip.Worker.Shards;

/// <summary>How a delivery of a shard ended.</summary>
public enum ShardOutcome
{
    /// <summary>Its results were committed.</summary>
    Completed,

    /// <summary>It had results already.</summary>
    WasDone,

    /// <summary>Its job was cancelled, or no worker can do it.</summary>
    JobEnded,

    /// <summary>Another delivery of it has taken over.</summary>
    TakenOver,

    /// <summary>What is done of it is saved, and the rest is for another delivery.</summary>
    Unfinished,
}
