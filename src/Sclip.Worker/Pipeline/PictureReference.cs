using Sclip.Contracts.Jobs;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture to label, and where it lies.</summary>
/// <param name="Name">Its name in results.</param>
/// <param name="Store">Where it lies.</param>
/// <param name="BlobName">Its name there.</param>
/// <param name="Bytes">Its size, where known.</param>
/// <param name="Modified">When it was last changed, where known.</param>
/// <param name="Failure">Why it is not even to be read; null where it is.</param>
public sealed record PictureReference(
    string Name, IBlobStore Store, string BlobName, long? Bytes = null, DateTimeOffset? Modified = null, PictureFailure? Failure = null)
{
    /// <summary>Name of the mask.</summary>
    public string MaskName => OutputNames.Mask(Name);

    /// <summary>Name of the overlay.</summary>
    public string OverlayName => OutputNames.Overlay(Name);

    /// <summary>Name of the doubt map.</summary>
    public string DoubtName => OutputNames.Doubt(Name);

    /// <summary>Where its kept features lie, which are labelled in place of its pixels as far as they can be used; null where there are none.</summary>
    public IBlobStore? FeatureStore { get; init; }

    /// <summary>Name of the kept features, in either store.</summary>
    public string FeaturesName => OutputNames.Features(Name);

    /// <summary>Name of the class scores.</summary>
    public string ScoresName => OutputNames.Scores(Name);
}
