using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Sclip.Worker.Shards;

/// <summary>Whether each queue of shards has had a consumer of this worker within a time.</summary>
internal sealed class ConsumerHealthCheck(ConsumerWatch watch, TimeSpan limit) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(watch.Problem(limit) is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());
}
