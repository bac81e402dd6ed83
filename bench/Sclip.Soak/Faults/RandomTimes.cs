namespace Sclip.Soak.Faults;

internal static class RandomTimes
{
    /// <summary>A time between two, in seconds.</summary>
    public static TimeSpan Seconds(this Random random, double least, double most) => TimeSpan.FromSeconds(least + (most - least) * random.NextDouble());

    public static string Shown(this TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.0} s");
}
