namespace Sclip.Formats.Pictures;

/// <summary>What became of the pictures that an export has itself.</summary>
public sealed record PictureCounts
{
    /// <summary>Pictures whose bytes were copied.</summary>
    public long Copied { get; init; }

    /// <summary>Pictures that are links.</summary>
    public long Linked { get; init; }

    /// <summary>Pictures written anew, since the format's readers take another kind of file, or would not turn them.</summary>
    public long Rewritten { get; init; }

    /// <summary>Those of them that were turned upright.</summary>
    public long Turned { get; init; }

    /// <summary>Pictures whose files are of other sizes than when they were labelled.</summary>
    public long Changed { get; init; }

    /// <summary>Files below the pictures' folders that are not in the export, by ending; empty where there are no folders.</summary>
    public IReadOnlyDictionary<string, long> LeftFiles { get; init; } = new Dictionary<string, long>();
}
