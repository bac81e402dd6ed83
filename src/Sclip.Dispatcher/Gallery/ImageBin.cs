using Sclip.Contracts;
using Sclip.Contracts.Reviews;

namespace Sclip.Dispatcher.Gallery;

/// <summary>
/// The part of an index that an image is in, by how it ended and what people made of it. Each order is kept within each part, so that whatever a question
/// asks of these is the merging of few sorted lists.
/// </summary>
internal static class ImageBin
{
    private const int FailedBit = 8;
    private const int CorrectedBit = 1;

    /// <summary>The part of an image.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="decision">The decision that holds.</param>
    /// <param name="isCorrected">Whether it has a corrected mask.</param>
    public static int Of(ImageStatus status, ReviewDecision decision, bool isCorrected) => (status == ImageStatus.Failed ? FailedBit : 0) | (int)decision << 1 | (isCorrected ? CorrectedBit : 0);

    /// <summary>Whether a question asks for the images of a part.</summary>
    public static bool IsAsked(int bin, GalleryQuery query)
    {
        var decision = (ReviewDecision)(bin >> 1 & 3);
        return (query.Status is not { } status || status == ImageStatus.Failed == ((bin & FailedBit) != 0))
            && (query.Error is null || (bin & FailedBit) != 0)
            && query.Review switch
            {
                null => true,
                ReviewFilter.Open => decision == ReviewDecision.None,
                ReviewFilter.Accepted => decision == ReviewDecision.Accepted,
                ReviewFilter.Rejected => decision == ReviewDecision.Rejected,
                ReviewFilter.Flagged => decision == ReviewDecision.Flagged,
                ReviewFilter.Reviewed => decision != ReviewDecision.None,
                _ => (bin & CorrectedBit) != 0,
            };
    }
}
