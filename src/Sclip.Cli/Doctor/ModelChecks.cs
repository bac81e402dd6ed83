using Microsoft.Extensions.Configuration;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Hosting.Configuration;
using Sclip.Segmentation;
using Sclip.Worker;
using Sclip.Worker.Models;

namespace Sclip.Cli.Doctor;

/// <summary>The cache, the folder of models, and the model that is taken where none is named.</summary>
internal static class ModelChecks
{
    public static IEnumerable<Finding> All(IConfiguration configuration)
    {
        yield return Cache();
        yield return Folder(configuration[$"{WorkerOptions.Section}:{nameof(WorkerOptions.ModelFolder)}"]);
        yield return Model();
    }

    private static Finding Cache()
    {
        var cache = ModelCache.OfUser();
        // Nothing is made here: what will be written into is the nearest folder that there is.
        var folder = cache.Root;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        try
        {
            using (File.Create(Path.Combine(folder, $".sclip-doctor-{Guid.NewGuid():n}"), bufferSize: 1, FileOptions.DeleteOnClose))
            {
            }
            return new Finding { Name = "cache", State = FindingState.Ok, Detail = $"{cache.Root} can be written, and has {Figures.Bytes(new DriveInfo(folder).AvailableFreeSpace)} free; it holds {Counted.Of(cache.List().Count(), "model")}." };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Finding { Name = "cache", State = FindingState.Missing, Detail = $"{cache.Root}, where models and embeddings are kept, cannot be written: {error.Message}", Advice = "Make it writable, or name another folder by SCLIP_CACHE." };
        }
    }

    private static Finding Folder(string? folder)
    {
        const string Name = "model folder";
        var key = SclipOptions.Shown(WorkerOptions.Section, nameof(WorkerOptions.ModelFolder));
        if (folder is not { Length: > 0 })
            return new Finding { Name = Name, State = FindingState.NotConfigured, Detail = $"{key} is not set: models are looked for in the cache, and pulled." };
        return Directory.Exists(folder)
            ? new Finding { Name = Name, State = FindingState.Ok, Detail = $"{Path.GetFullPath(folder)} is there; its models are the folders organisation/name or organisation--name in it." }
            : new Finding { Name = Name, State = FindingState.Missing, Detail = $"{key} is {folder}, and there is no such folder.", Advice = "Make it, or correct the setting." };
    }

    private static Finding Model()
    {
        const string Name = "model";
        var isNamed = Environment.GetEnvironmentVariable("SCLIP_MODEL") is { Length: > 0 };
        var model = SettingsOptions.UsualModel;
        try
        {
            var directory = ModelCache.OfUser().Resolve(model);
            ModelSummary.Read(directory);
            return new Finding { Name = Name, State = FindingState.Ok, Detail = $"{model}, which is taken where --model is not given, is in {directory}." };
        }
        catch (Exception error) when (error is ModelHubException or ModelFormatException)
        {
            return new Finding
            {
                Name = Name,
                State = isNamed ? FindingState.Missing : FindingState.NotConfigured,
                Detail = $"{model}, which is taken where --model is not given, cannot be used: {error.Message}",
                Advice = $"Name a model by --model or SCLIP_MODEL, or pull it: sclip model pull {model}",
            };
        }
    }
}
