using Sclip.Contracts;

namespace Sclip.Dispatcher.Gallery;

/// <summary>
/// The part of an index that an image is in, by how it ended and what people made of it. Each order is kept within each part, so that whatever a question
/// asks of these is the merging of few sorted lists.
/// </summary>
internal static class ImageBin
{
    /// <summary>How many there are.</summary>
    public const int Count = 16;

    private const int FailedBit = 8;
    private const int CorrectedBit = 1;

    /// <summary>The part of an image.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="decision">0 where it is open, else 1, 2 or 3: accepted, rejected, flagged.</param>
    /// <param name="isCorrected">Whether it has a corrected mask.</param>
    public static int Of(ImageStatus status, int decision, bool isCorrected) => (status == ImageStatus.Failed ? FailedBit : 0) | decision << 1 | (isCorrected ? CorrectedBit : 0);

    /// <summary>Whether a question asks for the images of a part.</summary>
    public static bool IsAsked(int bin, GalleryQuery query)
    {
        var decision = bin >> 1 & 3;
        return (query.Status is not { } status || status == ImageStatus.Failed == ((bin & FailedBit) != 0))
            && (query.Error is null || (bin & FailedBit) != 0)
            && query.Review switch
            {
                null => true,
                ReviewFilter.Open => decision == 0,
                ReviewFilter.Accepted => decision == 1,
                ReviewFilter.Rejected => decision == 2,
                ReviewFilter.Flagged => decision == 3,
                ReviewFilter.Reviewed => decision != 0,
                _ => (bin & CorrectedBit) != 0,
            };
    }
}
