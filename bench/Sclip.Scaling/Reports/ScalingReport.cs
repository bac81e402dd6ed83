using System.Globalization;
using Sclip.Scaling.Autoscaling;
using Sclip.Scaling.Cluster;

namespace Sclip.Scaling.Reports;

/// <summary>Runs the scenarios and prints the tables: first of the queue length, then of each other setting around the defaults.</summary>
internal sealed class ScalingReport(TextWriter writer, WorkerProfile profile, int seed)
{
    private static readonly double[] QueueLengths = [1, 2, 4, 8, 16, 32, 64];

    private readonly Markdown _tables = new(writer);
    private readonly IReadOnlyList<Scenario> _scenarios = Scenario.All(seed);

    private ScalerSettings Scaler { get; } = Defaults.Of(profile).Scaler;

    private int ShardSize { get; } = Defaults.Of(profile).ShardSize;

    public void WriteQueueLengths()
    {
        foreach (var scenario in _scenarios)
            Compare(scenario, "queueLength", QueueLengths.Select(length => (Text(length), Scaler with { QueueLength = length })));
    }

    public void WriteOtherSettings()
    {
        var mixed = _scenarios[1];
        Compare(mixed, "queueLength of urgent", new double[] { 1, 2, 4, 8, 32 }.Select(length => (Text(length), Scaler with { UrgentQueueLength = length })));
        Compare(mixed, "scaleDown stabilization, s", new double[] { 0, 60, 120, 300, 600 }.Select(
            seconds => (Text(seconds), Scaler with { Down = ScalingRules.DefaultDown with { StabilizationSeconds = seconds } })));
        Compare(mixed, "scaleDown policy, of all in 60 s", new[] { 10, 25, 100 }.Select(
            percent => ($"{percent} %", Scaler with { Down = ScalingRules.DefaultDown with { Policies = [new(ScalingUnit.Percent, percent, 60)] } })));
        Compare(mixed, "counted", [("ready and unacknowledged", Scaler), ("ready only", Scaler with { ExcludeUnacknowledged = true })]);
        foreach (var scenario in _scenarios.Skip(1))
        {
            Compare(scenario, "pollingInterval, s", new double[] { 5, 10, 30, 60 }.Select(seconds => (Text(seconds), Scaler with { PollingSeconds = seconds })));
            Compare(scenario, "cooldownPeriod, s", new double[] { 60, 300, 600, 1800 }.Select(seconds => (Text(seconds), Scaler with { CooldownSeconds = seconds })));
        }
        _tables.Table(mixed.Title, "empty nodes kept, s", [.. new double[] { 0, 120, 600 }.Select(seconds =>
            (Text(seconds), mixed.Run(Scaler, profile with { NodeLingerSeconds = seconds }, ShardSize, seed)))]);
        // A worker's share stays the same number of images.
        foreach (var scenario in _scenarios.Take(2))
            _tables.Table(scenario.Title, "images a shard", [.. new[] { ShardSize / 4, ShardSize / 2, ShardSize, ShardSize * 2, ShardSize * 4 }.Select(size =>
                (Text(size), scenario.Run(Scaler with { QueueLength = Scaler.QueueLength * ShardSize / size }, profile, size, seed)))]);
    }

    private void Compare(Scenario scenario, string knob, IEnumerable<(string Setting, ScalerSettings Scaler)> settings) =>
        _tables.Table(scenario.Title, knob, [.. settings.Select(item => (item.Setting, scenario.Run(item.Scaler, profile, ShardSize, seed)))]);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
