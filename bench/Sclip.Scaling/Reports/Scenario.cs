using Sclip.Scaling.Autoscaling;
using Sclip.Scaling.Cluster;

namespace Sclip.Scaling.Reports;

/// <summary>A load to run settings on.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Jobs">The jobs, by the size of their shards.</param>
internal sealed record Scenario(string Title, Func<int, IReadOnlyList<JobArrival>> Jobs)
{
    public const int Days = 7;

    public static IReadOnlyList<Scenario> All(int seed) =>
    [
        new("One job of ten million images", Scenarios.Large),
        new($"{Days} days of mixed jobs", size => Scenarios.Mixed(Days, size, seed)),
        new("Forty jobs of a thousand images, each after idleness", size => Scenarios.Small(size, seed)),
    ];

    public Outcome Run(ScalerSettings scaler, WorkerProfile profile, int shardSize, int seed) => Simulation.Run(Jobs(shardSize), scaler, profile, seed);
}
