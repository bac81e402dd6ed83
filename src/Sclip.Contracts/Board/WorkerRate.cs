namespace Sclip.Contracts.Board;

/// <summary>How fast a worker was at a time.</summary>
/// <param name="Time">The time.</param>
/// <param name="ImagesPerSecond">Images a second over the minute before; null until there are reports enough to tell.</param>
/// <param name="Shards">Shards that it had in work.</param>
public sealed record WorkerRate(DateTimeOffset Time, double? ImagesPerSecond, int Shards);
