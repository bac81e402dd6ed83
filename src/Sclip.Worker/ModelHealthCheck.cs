using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sclip.Hosting.Health;
using Sclip.Worker.Engines;

namespace Sclip.Worker;

/// <summary>
/// Whether the model that the worker is to have at start is there; without one it waits for the first job. Models that jobs wait for are told as
/// a note: other jobs go on.
/// </summary>
internal sealed class ModelHealthCheck(ModelPreload preload, IEngineSource engines) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        preload.Problem is { } problem ? HealthCheckResult.Unhealthy(problem)
        : engines.Waits is [_, ..] waits ? HealthNote.Healthy(string.Join("; ", waits.Select(wait => wait.Reason)))
        : HealthCheckResult.Healthy());
}
