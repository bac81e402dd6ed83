namespace Sclip.Contracts.Board;

/// <summary>A shard that a worker has in work.</summary>
public sealed record ShardInWork
{
    /// <summary>The job.</summary>
    public required string Job { get; init; }

    /// <summary>The shard's number, from 0.</summary>
    public required int Shard { get; init; }

    /// <summary>When it was delivered.</summary>
    public required DateTimeOffset Since { get; init; }
}
