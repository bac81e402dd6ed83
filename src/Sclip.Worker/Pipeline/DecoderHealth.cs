using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Configuration;

namespace Sclip.Worker.Pipeline;

/// <summary>Whether the threads that decode come back: one that does not is lost, with its memory and a processor, until the process ends.</summary>
/// <param name="host">The process.</param>
/// <param name="exit">How the process ends.</param>
/// <param name="logger">Told of the loss, once.</param>
public sealed partial class DecoderHealth(IHostApplicationLifetime host, HostExit exit, ILogger<DecoderHealth> logger) : ProcessHealth(host, exit), IDecoderLoss
{
    /// <inheritdoc />
    public void Lose(string image, TimeSpan time)
    {
        var shown = JobNames.Shown(image);
        End(string.Create(CultureInfo.InvariantCulture, $"The decoder of {shown} has not come back within {time.TotalSeconds:0.###} s."), () => LogLost(shown, time.TotalSeconds));
    }

    [LoggerMessage(121, LogLevel.Error, "The decoder of {Image} has not come back within {Seconds} s; its thread cannot be ended, and the process ends to be started anew. The image is a failed one; keep it, and report it.")]
    private partial void LogLost(string image, double seconds);
}
