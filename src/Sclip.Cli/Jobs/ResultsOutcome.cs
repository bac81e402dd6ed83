namespace Sclip.Cli.Jobs;

/// <summary>What <c>sclip results --json</c> prints.</summary>
internal sealed record ResultsOutcome
{
    /// <summary>The job's id.</summary>
    public required string Job { get; init; }

    /// <summary>The folder that results were brought into.</summary>
    public required string Output { get; init; }

    /// <summary>The file with a line for each image.</summary>
    public required string Results { get; init; }

    /// <summary>Images that have a result.</summary>
    public required long Images { get; init; }

    /// <summary>Of those, images that could not be labelled.</summary>
    public required long NotLabelled { get; init; }

    /// <summary>Of them, those with corrected masks.</summary>
    public required long Corrected { get; init; }

    /// <summary>Files brought now; the others were there already.</summary>
    public required long Brought { get; init; }

    /// <summary>Files that could not be brought.</summary>
    public required long Failed { get; init; }

    /// <summary>What is missing, in words; null where the job's results are whole.</summary>
    public string? Unfinished { get; init; }
}
