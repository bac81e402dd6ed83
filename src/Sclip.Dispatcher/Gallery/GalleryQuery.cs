using Sclip.Contracts;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Which of a job's images are asked for.</summary>
public sealed record GalleryQuery
{
    /// <summary>Most images of an answer.</summary>
    public const int MostImages = 500;

    /// <summary>Only images in which this class occurs.</summary>
    public string? Class { get; init; }

    /// <summary>Only images that ended so.</summary>
    public ImageStatus? Status { get; init; }

    /// <summary>Only images that failed with these words, as a job's status counts them, or as they stand in the result.</summary>
    public string? Error { get; init; }

    /// <summary>Only images whose name has this in it; a to z are taken for A to Z.</summary>
    public string? Search { get; init; }

    /// <summary>Only images that people dealt with so.</summary>
    public ReviewFilter? Review { get; init; }

    /// <summary>Which come first.</summary>
    public ImageOrder Order { get; init; }

    /// <summary>Images of this filter and order to pass over.</summary>
    public long Offset { get; init; }

    /// <summary>The image whose page is asked for, in place of an offset.</summary>
    public string? At { get; init; }

    /// <summary>The image with which the page begins, in place of an offset; where people's reviews took it out of the filter, the page begins where it would stand.</summary>
    public string? From { get; init; }

    /// <summary>Images that are wanted, 1 to <see cref="MostImages"/>.</summary>
    public int Limit { get; init; } = 60;
}

/// <summary>How people dealt with an image.</summary>
public enum ReviewFilter
{
    /// <summary>Nobody has decided on it, or it was labelled anew since.</summary>
    Open,

    /// <summary>Its labels are good.</summary>
    Accepted,

    /// <summary>Its labels are not to be used.</summary>
    Rejected,

    /// <summary>Somebody else shall look at it.</summary>
    Flagged,

    /// <summary>One of those three.</summary>
    Reviewed,

    /// <summary>It has a corrected mask.</summary>
    Corrected,
}
