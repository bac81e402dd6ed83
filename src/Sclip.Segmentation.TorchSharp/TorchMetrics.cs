using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>What is measured of devices, by OpenTelemetry's names for hardware where it has one.</summary>
internal static class TorchMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Sclip.Segmentation.TorchSharp";

    private static readonly Meter Meter = new(MeterName);
    private static readonly ConcurrentDictionary<string, TorchDevice> Devices = [];

    static TorchMetrics()
    {
        Meter.CreateObservableUpDownCounter("hw.gpu.memory.usage", () => Memory(memory => memory.Total - memory.Free), "By", "Memory of the device that is taken, by whomever.");
        Meter.CreateObservableUpDownCounter("hw.gpu.memory.limit", () => Memory(memory => memory.Total), "By", "Memory of the device.");
    }

    /// <summary>Windows of a forward pass as a share of the largest.</summary>
    public static Histogram<double> BatchFill { get; } = Meter.CreateHistogram("sclip.device.batch.fill", "1", "Windows of a forward pass as a share of the largest.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 0.75, 0.9, 1] });

    /// <summary>Time that the device spends on a stage for a group of pictures.</summary>
    public static Histogram<double> StageDuration { get; } = Meter.CreateHistogram("sclip.device.stage.duration", "s", "Time of the device for a stage, for the pictures that share it.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });

    /// <summary>Lets the memory of a device be reported from now on.</summary>
    public static void Report(TorchDevice device) => Devices[device.Name] = device;

    private static IEnumerable<Measurement<long>> Memory(Func<(long Free, long Total), long> select)
    {
        foreach (var device in Devices.Values.Where(device => device.Context is not null))
        {
            (long, long) memory;
            try
            {
                memory = device.Context!.Memory();
            }
            catch (DeviceLostException)
            {
                // A lost device has no figures; that it is lost is told by those who compute on it.
                continue;
            }
            yield return new Measurement<long>(select(memory), new KeyValuePair<string, object?>("hw.id", device.Name), new KeyValuePair<string, object?>("hw.name", device.Model));
        }
    }
}
