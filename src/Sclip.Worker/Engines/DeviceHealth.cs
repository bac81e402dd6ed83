using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Hosting.Configuration;

namespace Sclip.Worker.Engines;

/// <summary>
/// Whether the devices of a worker work. A process cannot have a lost one again: the worker then is not ready, takes no more shards, and ends
/// as failed, so that it is started anew.
/// </summary>
/// <param name="host">The worker's process.</param>
/// <param name="exit">How the process ends.</param>
/// <param name="logger">Told of the loss, once.</param>
public sealed partial class DeviceHealth(IHostApplicationLifetime host, HostExit exit, ILogger<DeviceHealth> logger) : IHealthCheck
{
    private string? _problem;

    /// <summary>Which device is lost, and why; null while all work.</summary>
    public string? Problem => _problem;

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());

    /// <summary>Takes down that a device is lost, and tells the worker to end.</summary>
    internal void Lose(string device, string reason)
    {
        if (Interlocked.CompareExchange(ref _problem, $"The device {device} is lost: {reason}", null) is not null)
            return;
        LogLost(device, reason);
        exit.Fail();
        host.StopApplication();
    }

    [LoggerMessage(120, LogLevel.Error, "The device {Device} is lost, and the worker ends to be started anew: {Reason}")]
    private partial void LogLost(string device, string reason);
}
