namespace Sclip.Worker.Shards;

/// <summary>A message that names no shard of a job; trying again would not help.</summary>
public sealed class UnusableShardException(string message) : Exception(message);
