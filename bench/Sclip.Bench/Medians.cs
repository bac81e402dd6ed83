namespace Sclip.Bench;

/// <summary>The middle of what was measured; of an even number the upper one.</summary>
internal static class Medians
{
    public static double Of(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
