namespace Sclip.Exploration.Benchmarks;

/// <summary>Mean and standard deviation of repeated measurements.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The sample's standard deviation (n - 1); null of fewer than two.</param>
public sealed record Spread(double Mean, double? Deviation)
{
    /// <summary>The spread of values, of which there is at least one.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return new Spread(mean, values.Count < 2 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }
}
