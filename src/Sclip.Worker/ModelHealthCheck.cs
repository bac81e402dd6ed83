using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sclip.Worker;

/// <summary>Whether the model that the worker is to have at start is there; without one it waits for the first job.</summary>
internal sealed class ModelHealthCheck(ModelPreload preload) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(preload.Problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
