using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture to label, where it lies, and what its outputs are to be called.</summary>
/// <param name="Name">Its name in results.</param>
/// <param name="Store">Where it lies.</param>
/// <param name="BlobName">Its name there.</param>
/// <param name="OutputName">The name of its outputs, without folder and ending.</param>
/// <param name="Bytes">Its size, where known.</param>
/// <param name="Modified">When it was last changed, where known.</param>
/// <param name="Failure">Why it is not even to be read; null where it is.</param>
public sealed record PictureReference(
    string Name, IBlobStore Store, string BlobName, string OutputName, long? Bytes = null, DateTimeOffset? Modified = null, PictureFailure? Failure = null)
{
    /// <summary>Name of the mask.</summary>
    public string MaskName => $"masks/{OutputName}.png";

    /// <summary>Name of the overlay.</summary>
    public string OverlayName => $"overlays/{OutputName}.jpg";

    /// <summary>Name of the class scores.</summary>
    public string ScoresName => $"scores/{OutputName}.npy";
}
