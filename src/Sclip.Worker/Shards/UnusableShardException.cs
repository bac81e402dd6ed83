namespace Sclip.Worker.Shards;

/// <summary>A message that names no shard of a job, or one whose documents are damaged; trying again would not help.</summary>
public sealed class UnusableShardException(string message) : Exception(message);
