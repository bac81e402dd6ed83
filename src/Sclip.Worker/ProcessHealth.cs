using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Sclip.Hosting.Configuration;

namespace Sclip.Worker;

/// <summary>
/// Whether the process has all that it needs to go on. What it cannot have again ends it: it is not ready, takes no more work, saves
/// what is done, and ends as failed, so that it is started anew.
/// </summary>
/// <param name="host">The process.</param>
/// <param name="exit">How the process ends.</param>
public abstract class ProcessHealth(IHostApplicationLifetime host, HostExit exit) : IHealthCheck
{
    private string? _problem;

    /// <summary>What is lost, and why; null while nothing is.</summary>
    public string? Problem => _problem;

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());

    /// <summary>Takes down what is lost, and tells the process to end.</summary>
    /// <param name="problem">What it is, and why.</param>
    /// <param name="tell">Says so in the log; only of the first loss.</param>
    protected void End(string problem, Action tell)
    {
        if (Interlocked.CompareExchange(ref _problem, problem, null) is not null)
            return;
        tell();
        exit.Fail();
        host.StopApplication();
    }
}
