using Sclip.Contracts;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture after the first stage: its file, or the reason why there is none.</summary>
internal sealed class FetchedPicture(PictureReference reference, BlobContent? file, PictureFailure? failure, double milliseconds)
{
    private byte[]? _file = file?.Bytes;

    public PictureReference Reference { get; } = reference;

    /// <summary>Bytes of the file; null where there is none.</summary>
    public long? Bytes { get; } = file?.Bytes.Length;

    public string? ETag { get; } = file?.ETag;

    public PictureFailure? Failure { get; } = failure;

    public double Milliseconds { get; } = milliseconds;

    /// <summary>The file, once: who still holds the picture then does not hold it as well.</summary>
    public byte[] TakeFile() => Interlocked.Exchange(ref _file, null) ?? throw new InvalidOperationException($"The file of {Reference.Name} is taken, or there is none.");

    /// <exception cref="BlobStoreException">The store itself does not answer: no fault of the picture's.</exception>
    public static async Task<FetchedPicture> ReadAsync(PictureReference reference, long maxBytes, CancellationToken cancellationToken)
    {
        if (reference.Failure is { } known)
            return new FetchedPicture(reference, null, known, 0);
        using var clock = new StageClock("fetch", reference.Name);
        try
        {
            return new FetchedPicture(reference, await reference.Store.ReadAsync(reference.BlobName, maxBytes, cancellationToken), null, clock.Milliseconds);
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            clock.Fail(error.Message);
            return new FetchedPicture(reference, null, new PictureFailure(ReasonOf(error.Fault), error.Message), clock.Milliseconds);
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
