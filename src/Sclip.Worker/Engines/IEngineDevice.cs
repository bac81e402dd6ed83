using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>What engines compute on: a GPU, or the CPU.</summary>
public interface IEngineDevice
{
    /// <summary>The name, as it is asked for: <c>cpu</c>, <c>cuda:0</c>.</summary>
    string Name { get; }

    /// <summary>What it is, for people.</summary>
    string Description { get; }

    /// <summary>Number format that it computes in; with less than 32 bits, some pixels get other labels.</summary>
    EnginePrecision Precision { get; }

    /// <summary>What its user should know before it is used, as a sentence; null where there is nothing.</summary>
    string? Warning => null;

    /// <summary>Whether models are loaded with their vision transformer packed for the managed engine.</summary>
    bool PacksVision { get; }

    /// <summary>Makes the engine that a model runs on; the caller disposes it before the model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <exception cref="DeviceException">The model does not fit into the device.</exception>
    ISegmenter CreateSegmenter(ClipModel model);

    /// <summary>Loads a model as this device needs it. Where the managed engine runs on it, label embeddings are of its precision too; else they are in fp32.</summary>
    /// <param name="directory">The model's directory.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="packVision">Whether a vision transformer that is to be packed is packed now; else with the first picture that needs it, as where kept features are labelled.</param>
    /// <param name="guide">The directory of the guide of methods that need one; null without.</param>
    /// <exception cref="ModelFormatException">A file is missing or corrupt, or the weights do not fit the configuration.</exception>
    ClipModel LoadModel(string directory, int threads, bool packVision = true, string? guide = null) =>
        ClipModel.Load(directory, threads, PacksVision && packVision, PacksVision ? Precision : EnginePrecision.Float32, guide);
}

/// <summary>The CPU, by the managed engine.</summary>
/// <param name="precision">The number format; null is fp32.</param>
/// <exception cref="DeviceException">This machine does not compute in it.</exception>
public sealed class ManagedDevice(EnginePrecision? precision = null) : IEngineDevice
{
    private readonly ManagedPrecision _precision = ManagedPrecision.Of(precision);

    /// <inheritdoc />
    public string Name => "cpu";

    /// <inheritdoc />
    public string Description => Precision == EnginePrecision.BFloat16 ? "the managed engine, bf16" : "the managed engine";

    /// <inheritdoc />
    public EnginePrecision Precision => _precision.Precision;

    /// <inheritdoc />
    public string? Warning => _precision.Warning;

    /// <inheritdoc />
    public bool PacksVision => true;

    /// <inheritdoc />
    public ISegmenter CreateSegmenter(ClipModel model) => new ManagedSegmenter(model);
}
