using Sclip.Contracts;
using Sclip.Segmentation;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture after the first stage: its file, or its kept features, or both; or the reason why there is neither.</summary>
internal sealed class FetchedPicture(PictureReference reference, BlobContent? file, PictureFailure? failure, double milliseconds)
{
    private byte[]? _file = file?.Bytes;

    public PictureReference Reference { get; } = reference;

    /// <summary>Bytes of the file; null where there is none.</summary>
    public long? Bytes { get; } = file?.Bytes.Length;

    public string? ETag { get; } = file?.ETag;

    public PictureFailure? Failure { get; } = failure;

    /// <summary>By what its file is known again beside features that are kept; null where none are.</summary>
    public string? FileHash { get; private init; }

    /// <summary>Its kept features, where this run can label them.</summary>
    public FeatureFile? Features { get; private init; }

    /// <summary>Why its kept features are not labelled; null where they are, or none were to be.</summary>
    public string? FeaturesUnused { get; private init; }

    public double Milliseconds { get; } = milliseconds;

    /// <summary>The file, once: who still holds the picture then does not hold it as well.</summary>
    public byte[] TakeFile() => Interlocked.Exchange(ref _file, null) ?? throw new InvalidOperationException($"The file of {Reference.Name} is taken, or there is none.");

    /// <exception cref="BlobStoreException">The store itself does not answer: no fault of the picture's.</exception>
    public static async Task<FetchedPicture> ReadAsync(PictureReference reference, long maxBytes, KeptFeatures? kept, CancellationToken cancellationToken)
    {
        if (reference.Failure is { } known)
            return new FetchedPicture(reference, null, known, 0);
        using var clock = new StageClock("fetch", reference.Name);
        var (features, unused) = kept is not null && reference.FeatureStore is { } store ? await kept.ReadAsync(store, reference, cancellationToken) : (null, null);
        if (features is not null && !kept!.NeedPixels)
            return new FetchedPicture(reference, null, null, clock.Milliseconds) { Features = features };
        try
        {
            var file = await reference.Store.ReadAsync(reference.BlobName, maxBytes, cancellationToken);
            if (features is not null && KeptFeatures.Changed(features, file.Bytes) is { } changed)
                (features, unused) = (null, changed);
            return new FetchedPicture(reference, file, null, clock.Milliseconds) { Features = features, FeaturesUnused = unused, FileHash = kept?.HashOf(file.Bytes) };
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            clock.Fail(error.Message);
            return new FetchedPicture(reference, null, new PictureFailure(ReasonOf(error.Fault), error.Message), clock.Milliseconds) { FeaturesUnused = unused ?? KeptFeatures.OfNoUse(features) };
        }
    }

    private static string ReasonOf(BlobStoreFault fault) => fault switch
    {
        BlobStoreFault.Missing => FailureReasons.Missing,
        BlobStoreFault.TooLarge => FailureReasons.TooLarge,
        BlobStoreFault.InvalidName => FailureReasons.Name,
        _ => FailureReasons.Unreadable,
    };
}
