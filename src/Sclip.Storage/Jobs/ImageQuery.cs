using Sclip.Contracts;

namespace Sclip.Storage.Jobs;

/// <summary>Which of a job's images are wanted, without an index of them.</summary>
public sealed record ImageQuery
{
    /// <summary>Only images in which this class occurs.</summary>
    public string? Class { get; init; }

    /// <summary>Only images that ended so.</summary>
    public ImageStatus? Status { get; init; }

    /// <summary>Which come first: by doubt, confidence, or the share of the class.</summary>
    public required ImageOrder Order { get; init; }

    /// <summary>Images that are wanted.</summary>
    public required int Limit { get; init; }

    internal bool Admits(ImageResult image) => (Status is null || image.Status == Status) && (Class is null || image.Pixels?.GetValueOrDefault(Class) > 0);

    internal double Key(ImageResult image) => Order switch
    {
        ImageOrder.Doubt => ImageKeys.Doubt(image, Class),
        ImageOrder.Confidence => ImageKeys.Confidence(image),
        ImageOrder.Share when Class is { } name => ImageKeys.Share(image, name),
        _ => throw new NotSupportedException($"Images are not found by {Order} without an index."),
    };
}
