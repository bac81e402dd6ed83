namespace Sclip.Contracts.Board;

/// <summary>A shard that a worker had or has in work.</summary>
/// <param name="Job">The job.</param>
/// <param name="Shard">The shard's number, from 0.</param>
/// <param name="Since">When it was delivered.</param>
/// <param name="Ended">When a report came without it, or when the last report of a worker that is gone came; null while it is in work.</param>
public sealed record RecentShard(string Job, int Shard, DateTimeOffset Since, DateTimeOffset? Ended);
