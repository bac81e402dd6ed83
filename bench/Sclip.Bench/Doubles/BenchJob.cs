using Sclip.Contracts;
using Sclip.Contracts.Jobs;

namespace Sclip.Bench.Doubles;

/// <summary>A job as the benchmarks plan and label it.</summary>
internal static class BenchJob
{
    public const string Container = "sclip";

    public static JobDocument Of(string id, int shardSize) => new()
    {
        Id = id,
        Created = DateTimeOffset.UtcNow,
        Input = new JobInput { Container = "photographs", Prefix = "pictures/" },
        Labels = [.. Enumerable.Range(0, 21).Select(i => new LabelClass { Name = $"class {i}" })],
        Model = "bench/model",
        Settings = new JobSettings(),
        ShardSize = shardSize,
    };
}
