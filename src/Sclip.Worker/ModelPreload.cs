using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Worker.Engines;

namespace Sclip.Worker;

/// <summary>Has the model of <see cref="WorkerOptions.Preload"/> on the machine before the worker calls itself ready.</summary>
internal sealed partial class ModelPreload(WorkerOptions options, ModelLocator locator, ILogger<ModelPreload> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(15);

    /// <summary>Why the model is not there; null once it is, or where none was asked for.</summary>
    public string? Problem { get; private set; } = options.Preload is { } model ? $"The model {model} is not loaded yet." : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (Problem is not null)
        {
            try
            {
                await locator.LocateAsync(options.Preload!, stoppingToken);
                Problem = null;
            }
            catch (Exception error) when (error is JobException or ModelUnavailableException)
            {
                Problem = error.Message;
                LogProblem(error.Message);
                await Task.Delay(RetryDelay, stoppingToken);
            }
        }
    }

    [LoggerMessage(20, LogLevel.Error, "Not ready: {Problem}")]
    private partial void LogProblem(string problem);
}
