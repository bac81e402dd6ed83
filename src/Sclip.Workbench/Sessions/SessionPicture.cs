using Sclip.Segmentation;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Sessions;

/// <summary>How far a picture of a session is.</summary>
public enum SessionPictureState
{
    /// <summary>Its features are still to be computed.</summary>
    Waiting,

    /// <summary>Its features are there.</summary>
    Ready,

    /// <summary>It has none.</summary>
    Failed,
}

/// <summary>A picture of a session.</summary>
/// <param name="index">Its place.</param>
/// <param name="reference">Where it lies.</param>
/// <param name="hasTruth">Whether there is ground truth of it.</param>
internal sealed class SessionPicture(int index, PictureReference reference, bool hasTruth)
{
    private volatile FeatureFile? _features;
    private volatile string? _error;

    public int Index => index;

    public PictureReference Reference => reference;

    public string Name => reference.Name;

    public bool HasTruth => hasTruth;

    /// <summary>Its features; null where they are not there, or never will be.</summary>
    public FeatureFile? Features => _features;

    /// <summary>Why it has none.</summary>
    public string? Error => _error;

    public SessionPictureState State => _features is not null ? SessionPictureState.Ready : _error is not null ? SessionPictureState.Failed : SessionPictureState.Waiting;

    /// <summary>Size in pixels; 0 until it is known.</summary>
    public (int Width, int Height) Size => _features is { Header: var header } ? (header.Width, header.Height) : default;

    public void Complete(FeatureFile features) => _features = features;

    public void Fail(string error) => _error = error;
}
