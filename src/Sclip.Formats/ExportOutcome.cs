using Sclip.Formats.Pictures;

namespace Sclip.Formats;

/// <summary>What an export came to.</summary>
/// <param name="Summary">What became of the pictures.</param>
/// <param name="Notices">What a person should know of it, such as names that are others there; a sentence each.</param>
public sealed record ExportOutcome(ExportSummary Summary, IReadOnlyList<string> Notices)
{
    /// <summary>What became of the pictures that the export has itself; null where it has none.</summary>
    public PictureCounts? Pictures { get; init; }

    /// <summary>How many pictures each part of the data set has; empty where it has one alone.</summary>
    public IReadOnlyList<(string Name, long Pictures)> Parts { get; init; } = [];

    /// <summary>Where the first picture belongs for the format's readers; null where they look for none, or it is told to lie elsewhere.</summary>
    public string? PicturesAt { get; init; }
}
