using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>
/// The models and label embeddings of a worker: each is loaded once on each device that needs it, shared, and kept in a bounded number. Who
/// asks gets the device that is least in use; embeddings are the same for all devices.
/// </summary>
/// <param name="options">How many are kept.</param>
/// <param name="locator">Finds models.</param>
/// <param name="supply">Has them on this machine.</param>
/// <param name="devices">What they run on.</param>
/// <param name="health">Told of a device that is lost.</param>
/// <param name="logger">Told of models that are loaded, and of class names that are cut.</param>
public sealed partial class EnginePool(WorkerOptions options, ModelLocator locator, ModelSupply supply, EngineDevices devices, DeviceHealth health, ILogger<EnginePool> logger)
    : IEngineSource, IDisposable
{
    private readonly SharedCache<EngineKey, Engine>[] _engines = [.. devices.All.Select(_ => new SharedCache<EngineKey, Engine>(options.ModelsKept))];
    private readonly LeaseBalance _balance = new(devices.All.Count);
    private readonly SharedCache<string, EmbeddedLabels> _labels = new(options.LabelSetsKept);

    /// <inheritdoc />
    public IReadOnlyList<string> Models => [.. _engines.SelectMany(engines => engines.Loaded).SelectMany(key => key.Ids).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <inheritdoc />
    public int Devices => devices.All.Count;

    /// <inheritdoc />
    public IReadOnlyList<ModelWait> Waits => supply.Waits;

    /// <inheritdoc />
    public JobHold? WhyNot(JobDocument job)
    {
        if (!JobDevices.Suit(job.Device, devices.Names))
            return new JobHold(JobWaitKind.Device, $"waiting for a worker with {job.Device}: one that has {string.Join(", ", devices.Names)} gave a shard back.");
        return EngineKey.TryParse(job.Model, job.Settings.Guide) is { } key ? key.Names.Select(supply.WhyNot).FirstOrDefault(missing => missing is not null)?.Hold : null;
    }

    /// <summary>Takes a model with an embedded label set; both are there until the lease is disposed of.</summary>
    /// <param name="modelId">The model, <c>organisation/name</c>.</param>
    /// <param name="guideId">The guide of methods that need one, likewise; null without.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="templates">Prompts, <c>{}</c> for the name; null takes the model's own, else ImageNet's.</param>
    /// <param name="cancellationToken">Ends the wait; a load goes on only while somebody waits for it.</param>
    /// <exception cref="JobException">There is no such model, it is corrupt, or the classes or templates cannot be used.</exception>
    /// <exception cref="ModelUnavailableException">The model cannot be had now.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended, or the pool disposed of meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed of.</exception>
    public async Task<IEngineLease> RentAsync(
        string modelId, string? guideId, IReadOnlyList<LabelClass> classes, IReadOnlyList<string>? templates, CancellationToken cancellationToken)
    {
        var key = EngineKey.Parse(modelId, guideId);
        var device = _balance.Take();
        SharedCache<EngineKey, Engine>.Holding? engine = null;
        try
        {
            // What is cheap to check comes before the model is loaded.
            var (labels, prompts) = (LabelSet.Of(classes), templates is null ? null : PromptTemplates.Of(templates));
            foreach (var id in key.Ids)
                await supply.EnsureAsync(id, cancellationToken);
            if (key.Guide is not null && supply.WhyNot($"{key}") is { } unfit)
                throw unfit;
            engine = await RentEngineAsync(key, device, cancellationToken);
            prompts ??= engine.Value.Model.Defaults.PromptsOf(given: null);
            var names = KeyOf(engine.Value.Model, labels, prompts);
            var embedded = await _labels.RentAsync(names, unwanted => EmbedAsync(key, device, labels, prompts, unwanted), cancellationToken);
            foreach (var name in key.Names)
                supply.Succeed(name);
            return new EngineLease(engine, embedded, () => _balance.Give(device));
        }
        catch (Exception error)
        {
            var isLoaded = engine is not null;
            engine?.Dispose();
            _balance.Give(device);
            // Where the labels of this job alone are too much, it is no fault of the model's, which other jobs may use.
            if (isLoaded && error is OutOfMemoryException)
                throw;
            // A guide's files were named already; what is too much for the machine may be so for the two together alone.
            if (Explain(error is ModelFormatException ? key.Model : $"{key}", error, isBooked: !isLoaded) is not { } explained)
                throw;
            throw explained;
        }
    }

    /// <summary>Drops all that is not in use; the rest goes with its leases.</summary>
    public void Dispose()
    {
        _labels.Dispose();
        foreach (var engines in _engines)
            engines.Dispose();
    }

    private Task<SharedCache<EngineKey, Engine>.Holding> RentEngineAsync(EngineKey key, int device, CancellationToken cancellationToken) =>
        _engines[device].RentAsync(key, unwanted => LoadAsync(key, device, unwanted), cancellationToken);

    private async Task<Engine> LoadAsync(EngineKey key, int index, CancellationToken cancellationToken)
    {
        var directory = await locator.LocateAsync(key.Model, cancellationToken);
        var guide = key.Guide is null ? null : await locator.LocateAsync(key.Guide, cancellationToken);
        // Only now: a job that names a model that does not exist must not cost others theirs.
        _engines[index].MakeRoom(coming: 1);
        cancellationToken.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        var device = devices.All[index];
        try
        {
            var engine = Load(device, directory, guide);
            LogLoaded($"{key}", directory, device.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
            foreach (var warning in engine.Model.Warnings)
                LogWarning($"{key}", warning);
            return engine;
        }
        catch (ModelFormatException) when (guide is not null)
        {
            RequireGuide(key.Guide!, guide);
            throw;
        }
    }

    private Engine Load(IEngineDevice device, string directory, string? guide)
    {
        var model = device.LoadModel(directory, options.Threads, guide: guide);
        try
        {
            return new Engine(model, new WatchedSegmenter(device.CreateSegmenter(model), model, device.Name, health));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a guide under its own id where it is what fails: jobs of the model without it go on.</summary>
    private void RequireGuide(string id, string directory)
    {
        try
        {
            GuideModel.Require(directory);
        }
        catch (ModelFormatException error)
        {
            throw Explain(id, error, isBooked: true)!;
        }
    }

    private async Task<EmbeddedLabels> EmbedAsync(EngineKey key, int device, LabelSet labels, PromptTemplates templates, CancellationToken cancellationToken)
    {
        // With a hold of its own: who asked for the labels may be gone before this ends.
        using var engine = await RentEngineAsync(key, device, cancellationToken);
        using var turn = await engine.Value.Gate.EnterAsync(urgent: false, cancellationToken);
        var warnings = new List<string>();
        var embeddings = engine.Value.Model.EmbedLabels(
            labels, templates, locator.Cache.LabelEmbeddings, progress: null, warnings.Add, cancellationToken);
        if (warnings is [var first, ..])
            LogTruncated(warnings.Count, first);
        return new EmbeddedLabels(labels, embeddings);
    }

    /// <summary>What a failure means for the job; null where it is no fault of model, labels or machine.</summary>
    /// <param name="name">The model, the guide, or both, whose fault it is.</param>
    /// <param name="error">The failure.</param>
    /// <param name="isBooked">Whether jobs that need it are held up for a while where the failure may pass.</param>
    private Exception? Explain(string name, Exception error, bool isBooked)
    {
        Exception? explained = error switch
        {
            ModelFormatException { MayPass: true } => new ModelUnavailableException(name, $"cannot be read now: {error.Message}", error),
            ModelFormatException => new JobException($"The model '{name}' cannot be used: {error.Message} Repair it on the worker, or pull it again.", error),
            LabelSetException or SegmentationException => new JobException(error.Message, error),
            DeviceException => new ModelUnavailableException(name, $"cannot be used here: {error.Message}", error),
            OutOfMemoryException => new ModelUnavailableException(name, "does not fit into this machine's memory with its labels.", error),
            _ => null,
        };
        if (isBooked && explained is ModelUnavailableException unavailable)
            supply.Fail(name, unavailable.Cause);
        return explained;
    }

    /// <summary>What tells label sets apart; colours are a part, since the set is handed out with its embeddings.</summary>
    private static string KeyOf(ClipModel model, LabelSet labels, PromptTemplates templates)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(labels.Classes, Json.Default.IReadOnlyListLabelClass));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(templates.Texts, Json.Default.IReadOnlyListString));
        return $"{model.Fingerprint} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    [LoggerMessage(110, LogLevel.Information, "Loaded the model {Model} from {Directory} on {Device} in {Seconds:0.0} s")]
    private partial void LogLoaded(string model, string directory, string device, double seconds);

    [LoggerMessage(111, LogLevel.Warning, "{Count} class names are cut. {First}")]
    private partial void LogTruncated(int count, string first);

    [LoggerMessage(112, LogLevel.Warning, "Of the model {Model}: {Warning}")]
    private partial void LogWarning(string model, string warning);
}
