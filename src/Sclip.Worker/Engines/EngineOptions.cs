using Sclip.Hosting.Configuration;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>Where a service has its models from, what it computes on, and what its pictures may be.</summary>
public abstract record EngineOptions : IValidatableOptions
{
    /// <summary>The configuration section, for messages.</summary>
    public abstract string SectionName { get; }

    /// <summary>A folder of models, <c>organisation/name</c> or <c>organisation--name</c> in it. It is searched before the cache of pulled models (<c>SCLIP_CACHE</c>).</summary>
    public string? ModelFolder { get; init; }

    /// <summary>Whether a model that is not on this machine is pulled from the hub; <c>false</c> refuses it, and what needs it fails and says so.</summary>
    public bool PullModels { get; init; } = true;

    /// <summary>
    /// What to compute on: <c>auto</c>, <c>cuda</c>, <c>cuda:N</c> (N is an index, from 0), <c>cpu</c> or <c>torch-cpu</c>. <c>auto</c>, or not set, takes the first CUDA device
    /// that can be used, else the CPU; any other device is taken or refused.
    /// </summary>
    public string? Device { get; init; }

    /// <summary>
    /// Number format: <c>auto</c>, <c>fp32</c>, <c>bf16</c> or <c>fp16</c>. <c>auto</c>, or not set, is 16 bits on a GPU and <c>fp32</c> on the CPU; the device <c>cpu</c>
    /// takes no <c>fp16</c>.
    /// </summary>
    public string? Precision { get; init; }

    /// <summary>Windows that share a forward pass: <c>auto</c>, or 1 to 4096. <c>auto</c>, or not set, is 6 on the CPU, and on a GPU as many as its free memory holds.</summary>
    public string? Batch { get; init; }

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Most pixels of an image, width times height; a larger one fails before memory is taken for it.</summary>
    public long MaxPixels { get; init; } = ImageLimits.Default.MaxPixels;

    /// <summary>Most bytes of an image file; a larger one fails.</summary>
    public long MaxFileBytes { get; init; } = ImageLimits.Default.MaxFileBytes;

    /// <summary>
    /// Seconds that decoding an image may take; then the image fails. Where its decoder does not come back within 5 more seconds, the service ends with exit code 1, to be
    /// started anew.
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
