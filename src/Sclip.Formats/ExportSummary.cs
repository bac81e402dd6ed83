namespace Sclip.Formats;

/// <summary>What became of the pictures of an export.</summary>
public sealed record ExportSummary
{
    /// <summary>Pictures that are in the export.</summary>
    public long Exported { get; init; }

    /// <summary>Of them, those with the mask that a person made.</summary>
    public long Corrected { get; init; }

    /// <summary>Pictures left out since another decision holds on them than those that were asked for.</summary>
    public long NotReviewedSo { get; init; }

    /// <summary>Pictures left out since their mean confidence is too low, their doubt too great, or that is not known.</summary>
    public long LeftOut { get; init; }

    /// <summary>The pixels of the pictures that are left out.</summary>
    public long LeftOutPixels { get; init; }

    /// <summary>Pixels of exported pictures.</summary>
    public long Pixels { get; init; }

    /// <summary>Those of them that have no class in the source already, as imported annotations may leave them.</summary>
    public long VoidPixels { get; init; }

    /// <summary>Those of them that had a class to be exported; the others are void, of classes that were not asked for, or of the background where a format leaves it out.</summary>
    public long LabelledPixels { get; init; }

    /// <summary>Those of them that became nothing, since their class or region is too much in doubt.</summary>
    public long DoubtfulPixels { get; init; }

    /// <summary>Those of them that became nothing, since their region is too small.</summary>
    public long SmallPixels { get; init; }

    /// <summary>Pixels of the regions that are written as polygons.</summary>
    public long PolygonPixels { get; init; }

    /// <summary>The pixels that polygons leave out of their regions, or have beyond them.</summary>
    public long ChangedPixels { get; init; }

    /// <summary>Pictures without a mask, since they could not be labelled.</summary>
    public long NotLabelled { get; init; }

    /// <summary>Pictures whose mask is missing, damaged, or does not fit.</summary>
    public long Failed { get; init; }

    /// <summary>Lines of the results that cannot be read, as an interrupted run leaves one.</summary>
    public long Unreadable { get; init; }

    /// <summary>Pictures that were looked at.</summary>
    public long Seen => Exported + NotReviewedSo + LeftOut + NotLabelled + Failed + Unreadable;
}
