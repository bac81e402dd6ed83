using System.Diagnostics;
using OpenTelemetry;
using Sclip.Contracts.Messages;

namespace Sclip.Hosting.Telemetry;

/// <summary>
/// Keeps workers' reports, and what dispatchers tell each other, out of the traces: each would be one of its own, every few seconds. What is not recorded where it is
/// sent, is not recorded where it is received either. Suppressing spans around the call would not do: what the client starts in it goes on for long.
/// </summary>
internal sealed class QuietMessages : BaseProcessor<Activity>
{
    private static readonly string[] Sends = [$":{nameof(WorkerReport)} send", $":{nameof(JobChanged)} send"];

    public override void OnStart(Activity data)
    {
        if (!Array.Exists(Sends, send => data.OperationName.EndsWith(send, StringComparison.Ordinal)))
            return;
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
