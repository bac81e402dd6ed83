using System.Diagnostics.Metrics;
using Sclip.Hosting.Telemetry;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Jobs;

/// <summary>Tells how many sessions there are.</summary>
internal sealed class SessionMetrics : IDisposable
{
    private readonly Meter _meter = new(SclipTelemetry.Name);

    public SessionMetrics(SessionStore sessions) => _meter.CreateObservableGauge("sclip.workbench.sessions", () => sessions.All.Count, "{session}", "Sessions of the workbench.");

    public void Dispose() => _meter.Dispose();
}
