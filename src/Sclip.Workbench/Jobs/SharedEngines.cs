using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sclip.Segmentation;
using Sclip.Workbench.Engines;
using Sclip.Worker;
using Sclip.Worker.Engines;

namespace Sclip.Workbench.Jobs;

/// <summary>The models of sessions: each is loaded once and shared, and the last few are kept for the sessions to come.</summary>
internal sealed partial class SharedEngines(WorkbenchOptions options, ModelLocator locator, ModelSupply supply, EngineDevices devices, DeviceHealth health, ILogger<SharedEngines> logger) : IDisposable
{
    private const int ModelsKept = 2;

    private readonly SharedCache<EngineKey, WorkbenchEngine> _engines = new(ModelsKept);

    /// <summary>Takes a model; it is there until what is returned is disposed of.</summary>
    /// <exception cref="WorkbenchException">There is no such model, or it cannot be had now.</exception>
    public async Task<SharedCache<EngineKey, WorkbenchEngine>.Holding> RentAsync(string model, string? guide, CancellationToken cancellationToken)
    {
        try
        {
            var key = EngineKey.Parse(model, guide);
            foreach (var id in key.Ids)
                await supply.EnsureAsync(id, cancellationToken);
            return await _engines.RentAsync(key, unwanted => LoadAsync(key, unwanted), cancellationToken);
        }
        catch (ModelUnavailableException error)
        {
            throw new WorkbenchException(503, $"{error.Message.TrimEnd('.')}. Begin the session again in a while.");
        }
        catch (JobException error)
        {
            throw new WorkbenchException(409, error.Message);
        }
        catch (ModelFormatException error)
        {
            throw new WorkbenchException(error.MayPass ? 503 : 409, $"The model '{model}' cannot be used: {error.Message}");
        }
        catch (Exception error) when (error is DeviceException or OutOfMemoryException)
        {
            throw new WorkbenchException(503, $"There is no room for the model '{model}' beside those of other sessions: end some. ({error.Message})");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _engines.Dispose();

    private async Task<WorkbenchEngine> LoadAsync(EngineKey key, CancellationToken cancellationToken)
    {
        var directory = await locator.LocateAsync(key.Model, cancellationToken);
        var guide = key.Guide is null ? null : await locator.LocateAsync(key.Guide, cancellationToken);
        _engines.MakeRoom(coming: 1);
        cancellationToken.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        var device = new WatchedDevice(devices.All[0], health);
        var model = device.LoadModel(directory, options.Threads, guide: guide);
        try
        {
            var engine = new WorkbenchEngine(model, device);
            LogLoaded($"{key}", directory, device.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
            foreach (var warning in model.Warnings)
                LogWarning($"{key}", warning);
            return engine;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    [LoggerMessage(110, LogLevel.Information, "Loaded the model {Model} from {Directory} on {Device} in {Seconds:0.0} s")]
    private partial void LogLoaded(string model, string directory, string device, double seconds);

    [LoggerMessage(112, LogLevel.Warning, "Of the model {Model}: {Warning}")]
    private partial void LogWarning(string model, string warning);
}
