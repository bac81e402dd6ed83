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

    /// <summary>Whether models are loaded with their vision transformer packed for the managed engine.</summary>
    bool PacksVision { get; }

    /// <summary>Makes the engine that a model runs on; the caller disposes it before the model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <exception cref="DeviceException">The model does not fit into the device.</exception>
    ISegmenter CreateSegmenter(ClipModel model);
}

/// <summary>The CPU, by the managed engine.</summary>
public sealed class ManagedDevice : IEngineDevice
{
    /// <inheritdoc />
    public string Name => "cpu";

    /// <inheritdoc />
    public string Description => "the managed engine";

    /// <inheritdoc />
    public EnginePrecision Precision => EnginePrecision.Float32;

    /// <inheritdoc />
    public bool PacksVision => true;

    /// <inheritdoc />
    public ISegmenter CreateSegmenter(ClipModel model) => new ManagedSegmenter(model);
}
