using Sclip.Hosting.Configuration;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>Where a service has its models from, what it computes on, and what its pictures may be.</summary>
public abstract record EngineOptions : IValidatableOptions
{
    /// <summary>The configuration section, for messages.</summary>
    public abstract string SectionName { get; }

    /// <summary>A folder of models, <c>organisation/name</c> or <c>organisation--name</c> in it; looked into before the cache of pulled models.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>Whether models that are not there are pulled from the hub.</summary>
    public bool PullModels { get; init; } = true;

    /// <summary>What to compute on: <c>auto</c>, <c>cuda</c>, <c>cuda:N</c>, <c>cpu</c> or <c>torch-cpu</c>; null is <c>auto</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Number format: <c>fp32</c>, <c>bf16</c>, <c>fp16</c>; null or <c>auto</c> leaves it to the device, which is 16 bits on a GPU and fp32 on the CPU.</summary>
    public string? Precision { get; init; }

    /// <summary>Windows that share a forward pass; null or <c>auto</c> leaves it to the engine.</summary>
    public string? Batch { get; init; }

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Images larger than this many pixels fail.</summary>
    public long MaxPixels { get; init; } = ImageLimits.Default.MaxPixels;

    /// <summary>Images of more bytes fail.</summary>
    public long MaxFileBytes { get; init; } = ImageLimits.Default.MaxFileBytes;

    /// <summary>
    /// Seconds that the decoding of an image may take; then it fails, and where its decoder does not come back the service ends to be started anew.
    /// </summary>
    public int PictureSeconds { get; init; } = 60;

    /// <summary>What a picture may be at most.</summary>
    internal ImageLimits Limits => new() { MaxPixels = MaxPixels, MaxFileBytes = MaxFileBytes };

    /// <summary>Several CUDA devices instead of one, where a service takes them.</summary>
    protected virtual string? SeveralDevices => null;

    /// <summary>The device and how it is to compute, as the settings ask for it.</summary>
    /// <exception cref="ConfigurationException">The settings are among the <see cref="Problems"/>.</exception>
    public DeviceRequest DeviceRequest() => Engines.DeviceRequest.TryParse(Device, SeveralDevices, Precision, Batch, out var request, out var refusal)
        ? request
        : throw new ConfigurationException($"{SclipOptions.Shown(SectionName, refusal.Key)} {refusal.Problem}");

    /// <inheritdoc />
    public virtual IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach (var problem in OutOfRange(
            (nameof(Threads), Threads, 1, 1024), (nameof(MaxPixels), MaxPixels, 1, long.MaxValue), (nameof(MaxFileBytes), MaxFileBytes, 1, long.MaxValue), (nameof(PictureSeconds), PictureSeconds, 1, 600)))
            yield return problem;
        if (!Engines.DeviceRequest.TryParse(Device, SeveralDevices, Precision, Batch, out _, out var refusal))
            yield return refusal;
        if (ModelFolder is { Length: > 0 } folder && !Directory.Exists(folder))
            yield return (nameof(ModelFolder), $"is {folder}: there is no such folder.");
    }

    /// <summary>Finds the devices.</summary>
    /// <exception cref="ConfigurationException">One cannot be used.</exception>
    internal EngineDevices FindDevices()
    {
        var request = DeviceRequest();
        try
        {
            return EngineDevices.Find(request);
        }
        catch (DeviceException error)
        {
            throw new ConfigurationException($"{SclipOptions.Shown(SectionName, request.Key)}: {error.Message}", error);
        }
    }

    /// <summary>What is wrong with numbers.</summary>
    protected static IEnumerable<(string Key, string Problem)> OutOfRange(params (string Key, double Value, double Least, double Most)[] numbers) =>
        numbers.Where(number => !(number.Value >= number.Least && number.Value <= number.Most))
            .Select(number => (number.Key, FormattableString.Invariant($"is {number.Value}: it must lie in {number.Least}..{number.Most}.")));
}
