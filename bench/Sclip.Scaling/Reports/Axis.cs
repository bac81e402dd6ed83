namespace Sclip.Scaling.Reports;

/// <summary>One direction of a plot: values to shares of its length.</summary>
internal sealed record Axis(string Title, double From, double To, IReadOnlyList<(double Value, string Label)> Ticks, bool Logarithmic = false)
{
    public double Share(double value) => Logarithmic ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From);
}
