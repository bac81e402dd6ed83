using Microsoft.Extensions.Logging;
using Sclip.Contracts;
using Sclip.Segmentation;
using Sclip.Worker.Models;

namespace Sclip.Worker.Engines;

/// <summary>Finds a model on this machine, in the model folder and then in the user's cache, else pulls it into that cache.</summary>
/// <param name="options">The model folder, and whether models are pulled.</param>
/// <param name="logger">Told of pulls.</param>
public sealed partial class ModelLocator(EngineOptions options, ILogger<ModelLocator> logger)
{
    /// <summary>The user's cache.</summary>
    public ModelCache Cache => ModelCache.Of(Variable);

    private ModelCache Models => new(Cache.Root, options.ModelFolder);

    /// <summary>Looks up an environment variable.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Waits between attempts.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Delay { get; init; } = Task.Delay;

    /// <summary>The directory of a model.</summary>
    /// <param name="modelId">The model, <c>organisation/name</c>; never a path, since it comes with a job.</param>
    /// <param name="cancellationToken">Ends a pull; what is downloaded is kept.</param>
    /// <exception cref="JobException">The id is none, there is no such model, or it is not here and models are not pulled.</exception>
    /// <exception cref="ModelUnavailableException">The hub cannot be reached, or there is no room.</exception>
    public Task<string> LocateAsync(string modelId, CancellationToken cancellationToken) => LocateAsync(modelId, new PullReport(), cancellationToken);

    /// <summary>The directory of a model that is on this machine; null where it is not.</summary>
    /// <exception cref="JobException">The id is none.</exception>
    internal string? Find(string modelId) => Find(Parse(modelId));

    /// <summary>The directory of a model, where a pull tells how far it is.</summary>
    internal async Task<string> LocateAsync(string modelId, PullReport report, CancellationToken cancellationToken)
    {
        var id = Parse(modelId);
        if (Find(id) is { } found)
            return found;
        if (!options.PullModels)
        {
            var service = options.SectionName.ToLowerInvariant();
            throw new JobException(
                $"The model '{id}' is not on this {service}, and {options.SectionName}:PullModels is off: put it into {Models.PlacesOf(id)[0]}, or allow the {service} to pull models.");
        }
        return await PullAsync(id, report, cancellationToken);
    }

    /// <summary>Reads an id that came with a job.</summary>
    /// <exception cref="JobException">It is none.</exception>
    internal static ModelId Parse(string modelId) => ModelId.TryParse(modelId) ?? throw new JobException(ModelId.Refusal(modelId)!);

    private string? Find(ModelId id) => Models.Find(id);

    private async Task<string> PullAsync(ModelId id, PullReport report, CancellationToken cancellationToken)
    {
        try
        {
            using var hub = HubClient.Of(Variable);
            LogPull(id, hub.Endpoint);
            var pull = new ModelPull(Cache, hub) { Notify = Tell, Delay = Delay, Progress = new Quarters(this, report) };
            var directory = await pull.Run(id, force: false, cancellationToken);
            LogPulled(id, directory);
            return directory;
        }
        catch (ModelHubException error) when (error.Transient)
        {
            throw new ModelUnavailableException(id.ToString(), $"cannot be pulled now: {error.Message}", error);
        }
        catch (ModelFormatException error) when (error.MayPass)
        {
            throw new ModelUnavailableException(id.ToString(), $"cannot be pulled now: {error.Message}", error);
        }
        catch (Exception error) when (error is ModelHubException or ModelFormatException)
        {
            throw new JobException($"The model '{id}' cannot be pulled: {error.Message}", error);
        }

        void Tell(string notice)
        {
            LogNotice(notice);
            report.Notice(notice);
        }
    }

    [LoggerMessage(100, LogLevel.Information, "Pulling the model {Model} from {Endpoint}")]
    private partial void LogPull(ModelId model, string endpoint);

    [LoggerMessage(101, LogLevel.Warning, "While a model is pulled: {Notice}")]
    private partial void LogNotice(string notice);

    [LoggerMessage(102, LogLevel.Information, "{File}: {Percent} % of {Size}")]
    private partial void LogProgress(string file, long percent, string size);

    [LoggerMessage(103, LogLevel.Information, "Pulled the model {Model} into {Directory}")]
    private partial void LogPulled(ModelId model, string directory);

    /// <summary>Tells each quarter of a large file: who reads a log wants to know that it goes on, and no more.</summary>
    private sealed class Quarters(ModelLocator locator, PullReport report) : IProgress<PullProgress>
    {
        private const long LargeFile = 100_000_000;
        private readonly Dictionary<string, long> _told = [];

        public void Report(PullProgress value)
        {
            report.Report(value);
            var quarter = value.Total is > LargeFile and var total ? 4 * value.Bytes / total : 0;
            if (quarter > _told.GetValueOrDefault(value.File))
                locator.LogProgress(value.File, 25 * quarter, Figures.Bytes(value.Total!.Value));
            _told[value.File] = quarter;
        }
    }
}
