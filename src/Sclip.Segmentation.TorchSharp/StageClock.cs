using System.Diagnostics;
using Sclip.Segmentation.TorchSharp.Cuda;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>How long the device works on each stage of a group of pictures: by marks in its stream, and on a CPU by the clock.</summary>
internal sealed class StageClock : IDisposable
{
    private readonly TorchDevice _device;
    private readonly List<(string Stage, CudaEvent? Event, long Time)> _marks = [];

    public StageClock(TorchDevice device)
    {
        _device = device;
        End("");
    }

    /// <summary>All work given to the device since the last mark belongs to this stage.</summary>
    public void End(string stage)
    {
        var mark = _device.Context is { } context ? new CudaEvent(context) : null;
        mark?.Record();
        _marks.Add((stage, mark, Stopwatch.GetTimestamp()));
    }

    /// <summary>Waits until the device has come to the last mark.</summary>
    public void Wait() => _marks[^1].Event?.Wait();

    /// <summary>Records the stages; the device has come to the last mark.</summary>
    public void Report()
    {
        for (var i = 1; i < _marks.Count; i++)
        {
            var (stage, end, time) = _marks[i];
            var seconds = end is null ? Stopwatch.GetElapsedTime(_marks[i - 1].Time, time).TotalSeconds : _marks[i - 1].Event!.SecondsTo(end);
            TorchMetrics.StageDuration.Record(seconds, new("sclip.stage", stage), new("hw.id", _device.Name));
        }
    }

    public void Dispose()
    {
        foreach (var (_, mark, _) in _marks)
            mark?.Dispose();
    }
}
