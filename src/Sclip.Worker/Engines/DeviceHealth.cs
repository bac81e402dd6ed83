using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Hosting.Configuration;

namespace Sclip.Worker.Engines;

/// <summary>Whether the devices of a process work: a process cannot have a lost one again.</summary>
/// <param name="host">The process.</param>
/// <param name="exit">How the process ends.</param>
/// <param name="logger">Told of the loss, once.</param>
public sealed partial class DeviceHealth(IHostApplicationLifetime host, HostExit exit, ILogger<DeviceHealth> logger) : ProcessHealth(host, exit)
{
    /// <summary>Takes down that a device is lost, and tells the process to end.</summary>
    internal void Lose(string device, string reason) => End($"The device {device} is lost: {reason}", () => LogLost(device, reason));

    [LoggerMessage(120, LogLevel.Error, "The device {Device} is lost, and the process ends to be started anew: {Reason}")]
    private partial void LogLost(string device, string reason);
}
