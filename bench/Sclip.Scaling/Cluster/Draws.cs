namespace Sclip.Scaling.Cluster;

/// <summary>Random numbers of known distributions.</summary>
internal static class Draws
{
    public static double Normal(this Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A lognormal number by its median and the standard deviation of its logarithm.</summary>
    public static double LogNormal(this Random random, double median, double spread) => median * Math.Exp(spread * random.Normal());

    public static double Exponential(this Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    /// <summary>
    /// The sum of so many lognormal numbers of mean 1, drawn at once: a lognormal of the same mean and variance (Fenton and Wilkinson's approximation).
    /// </summary>
    public static double LogNormalSum(this Random random, int count, double spread)
    {
        var variance = Math.Log(1 + (Math.Exp(spread * spread) - 1) / count);
        return random.LogNormal(count * Math.Exp(-variance / 2), Math.Sqrt(variance));
    }
}
