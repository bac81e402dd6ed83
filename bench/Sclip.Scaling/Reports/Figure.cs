using System.Globalization;
using Sclip.Scaling.Cluster;

namespace Sclip.Scaling.Reports;

/// <summary>The figure of the CPU profile: a day's workers and backlog, the end of a large job, and cost against time.</summary>
internal static class Figure
{
    private const double Width = 470, Height = 230, Left = 60, Right = 610, Upper = 64, Lower = 408;
    private const int Columns = 400, From = 5, To = 13;
    private static readonly (double QueueLength, string Color)[] Lines = [(1, "#d1495b"), (4, "#00798c"), (16, "#edae49")];

    /// <summary>Runs what it shows.</summary>
    public static string Svg(int seed)
    {
        var profile = WorkerProfile.Cpu;
        var (scaler, size) = Defaults.Of(profile);
        var scenarios = Scenario.All(seed);
        Outcome Run(int scenario, double length) => scenarios[scenario].Run(scaler with { QueueLength = length }, profile, size, seed);

        var day = new Axis("hour of the day", From, To, [.. Hours(From, To, 1)]);
        var workers = new Plot("Eight hours of mixed jobs: workers", day, new Axis("replicas", 0, 210, [.. Numbers(0, 50, 100, 150, 200)]), Left, Upper, Width, Height);
        var backlog = new Plot("The same hours: backlog", day, new Axis("shards waiting or in work", 0, 3400, [.. Numbers(0, 1000, 2000, 3000)]), Right, Upper, Width, Height);
        var end = new Plot(
            "The end of ten million images: backlog", new Axis("hours after the submit", 17, 24, [.. Hours(17, 24, 1)]),
            new Axis("shards waiting or in work", 0, 14000, [.. Numbers(0, 4000, 8000, 12000)]), Left, Lower, Width, Height);
        var cost = new Plot(
            "Cost against time, for each queueLength", new Axis("minutes to finish, half of the jobs (log)", 3, 200, [.. Numbers(3, 5, 10, 20, 50, 100, 200)], Logarithmic: true),
            new Axis("paid hours for an hour of work (log)", 1, 20, [.. Numbers(1, 2, 5, 10, 20)], Logarithmic: true), Right, Lower, Width, Height);

        for (var line = 0; line < Lines.Length; line++)
        {
            var (length, color) = Lines[line];
            var (name, nameX) = (line == 0 ? Name(length) : length.ToString(CultureInfo.InvariantCulture), line == 0 ? 0.6 : 0.8 + 0.06 * line);
            var mixed = Run(1, length).Samples;
            workers.Line(Thin(mixed, From, To, sample => sample.Replicas), color, name, nameX);
            backlog.Line(Thin(mixed, From, To, sample => sample.Backlog), color, name, nameX);
        }
        foreach (var (length, color, nameX) in new[] { (4.0, Lines[1].Color, 0.6), (16, Lines[2].Color, 0.86), (64, "#8a5a83", 0.93) })
            end.Line(Thin(Run(0, length).Samples, 17, 24, sample => sample.Backlog), color, length == Lines[1].QueueLength ? Name(length) : length.ToString(CultureInfo.InvariantCulture), nameX);
        foreach (var (scenario, color, name, nameX) in new[] { (1, "#1f3c88", "mixed jobs", 0.49), (2, "#c1666b", "a thousand images each", 0.67) })
        {
            var points = ((double[])[1, 2, 4, 8, 16, 32, 64]).Select(length => (Length: length, Outcome: Run(scenario, length)))
                .Select(item => (item.Length, X: item.Outcome.Duration(0.5, urgent: false) / 60, Y: item.Outcome.PaidHours / item.Outcome.Hours[Activity.Working])).ToArray();
            cost.Line([.. points.Select(point => (point.X, point.Y))], color, name, nameX);
            foreach (var (length, px, py) in points.DistinctBy(point => (point.X, point.Y)))
                cost.Point(px, py, color, length.ToString(CultureInfo.InvariantCulture), length == scaler.QueueLength);
        }
        return $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1110 700' font-family='system-ui, sans-serif' font-size='12'>\n<rect width='1110' height='700' fill='#ffffff'/>\n"
            + workers.Svg() + backlog.Svg() + end.Svg() + cost.Svg() + "</svg>\n";
    }

    private static string Name(double length) => string.Create(CultureInfo.InvariantCulture, $"queueLength {length}");

    private static IEnumerable<(double, string)> Hours(int from, int to, int step)
    {
        for (var hour = from; hour <= to; hour += step)
            yield return (hour, hour.ToString(CultureInfo.InvariantCulture));
    }

    private static IEnumerable<(double, string)> Numbers(params double[] values) => values.Select(value => (value, value.ToString("N0", CultureInfo.InvariantCulture)));

    /// <summary>The highest sample of each column of pixels: short peaks stay.</summary>
    private static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<Sample> samples, double from, double to, Func<Sample, double> value) =>
    [
        .. samples.Where(sample => sample.Time >= from * 3600 && sample.Time <= to * 3600).GroupBy(sample => (int)((sample.Time / 3600 - from) / (to - from) * Columns))
            .Select(column => (column.First().Time / 3600, column.Max(value))),
    ];
}
