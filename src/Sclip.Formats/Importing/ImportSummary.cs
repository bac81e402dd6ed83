namespace Sclip.Formats.Importing;

/// <summary>What became of annotations.</summary>
public sealed record ImportSummary
{
    /// <summary>Pictures that have a mask now.</summary>
    public long Imported { get; init; }

    /// <summary>Pictures whose annotations cannot be read.</summary>
    public long Failed { get; init; }

    /// <summary>Pixels of those that have a mask.</summary>
    public long Pixels { get; init; }

    /// <summary>Those of them that are of no class.</summary>
    public long VoidPixels { get; init; }
}
