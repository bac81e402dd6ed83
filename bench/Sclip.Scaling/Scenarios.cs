using Sclip.Scaling.Cluster;

namespace Sclip.Scaling;

/// <summary>What is submitted when.</summary>
internal static class Scenarios
{
    private const double Hour = 3600, Day = 24 * Hour;

    /// <summary>One job of ten million images.</summary>
    public static IReadOnlyList<JobArrival> Large(int shardSize) => [new() { Time = 0, Images = 10_000_000, ShardSize = shardSize }];

    /// <summary>A job of a thousand images, every two hours, forty times: each finds no worker.</summary>
    public static IReadOnlyList<JobArrival> Small(int shardSize, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 40).Select(n => new JobArrival { Time = n * 2 * Hour + random.NextDouble() * Hour / 2, Images = 1000, ShardSize = shardSize, LabelSet = n })];
    }

    /// <summary>
    /// Days of arrivals by chance: four jobs an hour of a median of 5,000 images and a long tail (up to 500,000), and six urgent ones an hour of a
    /// median of 60, whose label sets are ten.
    /// </summary>
    public static IReadOnlyList<JobArrival> Mixed(int days, int shardSize, int seed)
    {
        var random = new Random(seed);
        var jobs = new List<JobArrival>();
        foreach (var (perHour, median, spread, most, urgent) in new (double, double, double, double, bool)[] { (4, 5000, 1.6, 500_000, false), (6, 60, 1.0, 1000, true) })
            for (var time = random.Exponential(Hour / perHour); time < days * Day; time += random.Exponential(Hour / perHour))
                jobs.Add(new JobArrival
                {
                    Time = time,
                    Images = (int)Math.Clamp(random.LogNormal(median, spread), 1, most),
                    ShardSize = urgent ? Math.Min(shardSize, 16) : shardSize,
                    Urgent = urgent,
                    LabelSet = random.Next(10),
                });
        return [.. jobs.OrderBy(job => job.Time)];
    }
}
