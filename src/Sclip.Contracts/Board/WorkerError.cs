namespace Sclip.Contracts.Board;

/// <summary>A delivery of a shard that failed at a worker; it is tried again, or was given up.</summary>
/// <param name="Time">When.</param>
/// <param name="Job">The job.</param>
/// <param name="Shard">The shard's number, from 0.</param>
/// <param name="Reason">Why, on one line.</param>
public sealed record WorkerError(DateTimeOffset Time, string Job, int Shard, string Reason);
