using Sclip.Segmentation;

namespace Sclip.Worker.Engines;

/// <summary>Makes the engine that a model runs on.</summary>
public interface ISegmenterFactory
{
    /// <summary>Makes a segmenter; the caller disposes it before the model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    ISegmenter Create(ClipModel model);
}

/// <summary>Makes the managed engine, which runs on the CPU.</summary>
public sealed class ManagedSegmenterFactory : ISegmenterFactory
{
    /// <inheritdoc />
    public ISegmenter Create(ClipModel model) => new ManagedSegmenter(model);
}
