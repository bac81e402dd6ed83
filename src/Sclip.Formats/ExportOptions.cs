using Sclip.Contracts.Reviews;
using Sclip.Formats.Pictures;

namespace Sclip.Formats;

/// <summary>What is exported, and how.</summary>
public sealed record ExportOptions
{
    /// <summary>How far polygons may depart from the mask where nothing else is asked for, in pixels.</summary>
    public const double UsualTolerance = 1;

    /// <summary>The part of the data set where nothing else is asked for.</summary>
    public const string UsualSplit = "train";

    /// <summary>The part of the data set that <see cref="Validation"/> makes.</summary>
    public const string ValidationSplit = "val";

    /// <summary>The format.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>Pictures whose mean confidence (<see cref="Contracts.ImageResult.MeanConfidence"/>) is lower, or not known, are left out; null takes all.</summary>
    public double? MinConfidence { get; init; }

    /// <summary>Pictures whose doubt (<see cref="Contracts.ImageResult.Doubt"/>) is greater, or not known, are left out; null takes all.</summary>
    public double? MaxDoubt { get; init; }

    /// <summary>Classes of a picture whose doubt there is greater become nothing in it; a picture whose classes' doubts are not known is left out; null takes all.</summary>
    public double? MaxClassDoubt { get; init; }

    /// <summary>Regions whose mean doubt is greater become nothing; it needs the pictures' doubt maps; null takes all.</summary>
    public double? MaxRegionDoubt { get; init; }

    /// <summary>Only pictures on which one of these decisions holds, none standing for those that are open; null takes all.</summary>
    public IReadOnlyCollection<ReviewDecision>? Reviewed { get; init; }

    /// <summary>Whether the machine's masks are taken also of pictures that people corrected.</summary>
    public bool Machine { get; init; }

    /// <summary>Indices of the classes that are kept, the rest becomes nothing; null keeps all that the format keeps.</summary>
    public IReadOnlyCollection<int>? Classes { get; init; }

    /// <summary>Indices of the classes that are things, each region an object of its own; for formats that tell things from stuff.</summary>
    public IReadOnlyCollection<int> Things { get; init; } = [];

    /// <summary>Whether formats of regions keep the background class, too.</summary>
    public bool KeepBackground { get; init; }

    /// <summary>Regions of fewer pixels become nothing.</summary>
    public int MinArea { get; init; } = 1;

    /// <summary>How far in pixels an outline may depart from the exact one; 0 keeps every corner.</summary>
    public double Tolerance { get; init; } = UsualTolerance;

    /// <summary>The tool that is to read it, where it is known; see <see cref="ReaderProfile"/>.</summary>
    public string? Reader { get; init; }

    /// <summary>Polygons or masks, for formats that can hold either.</summary>
    public ExportShapes Shapes { get; init; }

    /// <summary>The part of a data set that the pictures are, for formats that have parts: <c>train</c>, <c>val</c>, …</summary>
    public string Split { get; init; } = UsualSplit;

    /// <summary>The share of the pictures that is of <see cref="ValidationSplit"/>, 0..1, by a hash of their names; null or 0 makes no such part.</summary>
    public double? Validation { get; init; }

    /// <summary>What stands before the names of pictures, such as a folder or the beginning of an address.</summary>
    public string ImagePrefix { get; init; } = "";

    /// <summary>How the pictures themselves come into the export.</summary>
    public PictureTransfer Pictures { get; init; }

    /// <summary>Folders that the pictures lie in; empty takes what the source says.</summary>
    public IReadOnlyList<string> PictureFolders { get; init; } = [];

    /// <summary>Pictures that are worked at at once; the export does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether an earlier export in the same folder is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ExportException">One is out of its range, or does not apply to the format.</exception>
    internal void Check()
    {
        if (MinConfidence is < 0 or > 1 or double.NaN)
            throw new ExportException($"--min-confidence must lie between 0 and 1; it is {MinConfidence}.");
        foreach (var (name, doubt) in new[] { ("--max-doubt", MaxDoubt), ("--max-class-doubt", MaxClassDoubt), ("--max-region-doubt", MaxRegionDoubt) })
            if (doubt is < 0 or > 1 or double.NaN)
                throw new ExportException($"{name} must lie between 0 and 1; it is {doubt}.");
        if (MinArea < 1)
            throw new ExportException($"--min-area must be at least 1; it is {MinArea}.");
        if (!(Tolerance is >= 0 and <= 1_000))
            throw new ExportException($"--tolerance must lie between 0 and 1000 pixels; it is {Tolerance}.");
        if (Validation is < 0 or >= 1 or double.NaN)
            throw new ExportException($"--validation must be 0 or more and less than 1, such as 0.1; it is {Validation}.");
        if (Validation > 0 && Split is ValidationSplit or "valid" or "validation")
            throw new ExportException($"--validation takes a part of the pictures for validation, and --split calls the others '{Split}'. Leave one of them away.");
        if (Threads < 1)
            throw new ExportException($"--threads must be at least 1; it is {Threads}.");
        if (Shapes != ExportShapes.Auto && !Format.Shapes.Contains(Shapes))
            throw new ExportException($"--shapes {Shapes.ToString().ToLowerInvariant()} does not apply to {Format.Name}; leave it out.");
        if (Things.Count > 0 && !Format.HasThings)
            throw new ExportException($"--things does not apply to {Format.Name}; leave it out.");
        foreach (var (name, isGiven, isKnown) in new[]
        {
            ("--tolerance", Tolerance != UsualTolerance, Format.HasOutlines), ("--image-prefix", ImagePrefix.Length > 0, Format.NamesPictures),
            ("--split", Split != UsualSplit, !Format.HasNoSplits), ("--validation", Validation > 0, !Format.HasNoSplits), ("--keep-background", KeepBackground, Format.IsOfRegions),
        })
            if (isGiven && !isKnown)
                throw new ExportException($"{name} does not apply to {Format.Name}; leave it out.");
        if (Pictures != PictureTransfer.None && Format.PictureAt is null)
            throw new ExportException($"--copy-pictures and --link-pictures do not apply to {Format.Name}, whose readers look for no pictures; leave them out.");
        if (Pictures == PictureTransfer.Link && Format.HoldsPictures)
            throw new ExportException($"--link-pictures does not apply to {Format.Name}, which holds the pictures in its own files; give --copy-pictures.");
        if (Pictures == PictureTransfer.None && PictureFolders.Count > 0)
            throw new ExportException("--pictures says where pictures are taken from; give --copy-pictures or --link-pictures as well.");
        if (Pictures != PictureTransfer.None && ImagePrefix.Length > 0 && !Format.NamesByAddress)
            throw new ExportException($"--image-prefix names pictures that lie elsewhere, and --copy-pictures and --link-pictures lay them where readers of {Format.Name} look; leave one of them away.");
        if (Split.Length == 0 || Split is "." or ".." || Split.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')))
            throw new ExportException($"--split must be a name of letters, digits, '-', '_' and '.'; it is '{Split}'.");
        if (ImagePrefix.Any(char.IsControl))
            throw new ExportException("--image-prefix holds a control character.");
    }
}
