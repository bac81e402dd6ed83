using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sclip.Worker.Shards;

/// <summary>Says once in the log that a worker has no consumer, when it is not ready for it, and once more when it is not alive.</summary>
internal sealed partial class ConsumerLog(ConsumerWatch watch, ILogger<ConsumerLog> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private LogLevel _said = LogLevel.None;

    /// <summary>Says what has not been said.</summary>
    internal void Look()
    {
        if (watch.Problem(ConsumerWatch.LiveLimit) is { } dead)
        {
            if (_said != LogLevel.Error)
                LogDead(dead);
            _said = LogLevel.Error;
        }
        else if (watch.Problem(ConsumerWatch.ReadyLimit) is { } unready)
        {
            if (_said == LogLevel.None)
                LogUnready(unready);
            _said = LogLevel.Warning;
        }
        else
            _said = LogLevel.None;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (; ; await Task.Delay(Interval, stoppingToken))
            Look();
    }

    [LoggerMessage(130, LogLevel.Warning, "The worker is not ready, and takes no shard: {Reason}")]
    private partial void LogUnready(string reason);

    [LoggerMessage(131, LogLevel.Error, "The worker takes no shard any more, and says that it is not alive to be started anew: {Reason}")]
    private partial void LogDead(string reason);
}
