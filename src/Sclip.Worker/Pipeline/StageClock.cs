using System.Diagnostics;
using Sclip.Hosting.Telemetry;

namespace Sclip.Worker.Pipeline;

/// <summary>A stage's span and duration for one picture.</summary>
internal readonly struct StageClock(string stage, string? image) : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Activity? _span = SclipTelemetry.Source.StartActivity(stage)?.SetTag("sclip.image", image);

    /// <summary>Milliseconds so far.</summary>
    public double Milliseconds => Math.Round(Stopwatch.GetElapsedTime(_start).TotalMilliseconds, 1);

    /// <summary>Marks the span as failed.</summary>
    public void Fail(string reason) => _span?.SetStatus(ActivityStatusCode.Error, reason);

    public void Dispose()
    {
        SclipTelemetry.StageDuration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, new KeyValuePair<string, object?>("sclip.stage", stage));
        _span?.Dispose();
    }
}
