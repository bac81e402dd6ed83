namespace Sclip.Scaling.Cluster;

/// <summary>What a node's time is paid for.</summary>
internal enum Activity
{
    /// <summary>The machine boots, or images, models and processes load.</summary>
    Starting,

    /// <summary>Class names are embedded.</summary>
    Embedding,

    /// <summary>Images are labelled.</summary>
    Working,

    /// <summary>A worker waits for a shard.</summary>
    Idle,

    /// <summary>A node has no worker.</summary>
    Empty,
}
