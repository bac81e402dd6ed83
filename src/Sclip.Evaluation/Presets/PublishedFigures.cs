namespace Sclip.Evaluation.Presets;

/// <summary>mIoU in percent that was published for a data set; what is not here could not be verified, or was not published.</summary>
public sealed record PublishedFigures
{
    /// <summary>Of the paper (Tables 1 and 2, arXiv 2312.01597), by method, the mean where it was measured several times; and of later methods what their own papers print.</summary>
    public required IReadOnlyDictionary<string, double> Paper { get; init; }

    /// <summary>Of <c>sclip</c>, by the authors' published code: its configuration is the one of the presets.</summary>
    public required double Code { get; init; }
}
