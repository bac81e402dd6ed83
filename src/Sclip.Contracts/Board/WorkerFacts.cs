using Sclip.Contracts.Messages;

namespace Sclip.Contracts.Board;

/// <summary>What a worker says of itself (<see cref="WorkerReport"/>) and the dispatcher shows as it is (<see cref="WorkerState"/>).</summary>
public abstract record WorkerFacts
{
    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>Why it is not ready; null where it is.</summary>
    public string? Reason { get; init; }

    /// <summary>What jobs wait for at this worker, a line each; it takes other jobs meanwhile.</summary>
    public IReadOnlyList<string> Waits { get; init; } = [];

    /// <summary>Shards that it has in work.</summary>
    public required IReadOnlyList<ShardInWork> Shards { get; init; }

    /// <summary>Images that it has done since it started.</summary>
    public required long Images { get; init; }

    /// <summary>Windows that it has computed since it started.</summary>
    public required long Windows { get; init; }

    /// <summary>Windows a second while it had a shard in work, since it started; null while it has computed none, and where its version does not say.</summary>
    public double? WindowsPerSecond { get; init; }

    /// <summary>Ids of the models that it has in memory.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>What it computes on: <c>cpu</c>, <c>cuda:0</c>; empty where its version does not say.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];
}
