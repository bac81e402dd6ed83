using Sclip.Labels;

namespace Sclip.Cli.Labelling;

/// <summary>What a run of <c>label</c> or <c>relabel</c> came to: its table, and what <c>--json</c> prints.</summary>
internal sealed record LabelSummary
{
    /// <summary>Pictures labelled by this run.</summary>
    public required long Labelled { get; init; }

    /// <summary>Of those, by kept features; null where pictures are labelled.</summary>
    public long? ByFeatures { get; init; }

    /// <summary>Of those of a run over kept features, by pixels; null where pictures are labelled.</summary>
    public long? ByPixels { get; init; }

    public required long Failed { get; init; }

    /// <summary>Pictures that an earlier run labelled.</summary>
    public required long Skipped { get; init; }

    /// <summary>Pictures that an interruption left.</summary>
    public required long Left { get; init; }

    /// <summary>Files among the inputs that are no pictures by their names.</summary>
    public required long OtherFiles { get; init; }

    /// <summary>Time from the loaded model to the last result.</summary>
    public required double Seconds { get; init; }

    /// <summary>Null where kept features are labelled.</summary>
    public double? WindowsPerSecond { get; init; }

    /// <summary>The mean doubt of all pictures, 0 to 1; null where no result tells it.</summary>
    public double? Doubt { get; init; }

    /// <summary>Pixels of each class that occurs, by its name.</summary>
    public required IReadOnlyDictionary<string, long> Pixels { get; init; }

    /// <summary>Failed pictures by reason, the most frequent first.</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    /// <summary>Where the classes are likely not what was meant.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The folder of masks.</summary>
    public required string Masks { get; init; }

    /// <summary>The folder of overlays; null where none were asked for, as with the others below.</summary>
    public string? Overlays { get; init; }

    public string? Scores { get; init; }

    public string? DoubtMaps { get; init; }

    public string? Features { get; init; }

    /// <summary>The page of <c>--report</c>; null also where it could not be written.</summary>
    public string? Report { get; init; }

    /// <summary>The file with a line for each picture.</summary>
    public required string Results { get; init; }

    /// <summary>Sums a run up.</summary>
    /// <param name="arguments">What was asked for.</param>
    /// <param name="tally">Its results.</param>
    /// <param name="skipped">Pictures that an earlier run labelled, or has given up.</param>
    /// <param name="left">Pictures that have no result yet.</param>
    /// <param name="otherFiles">Files that are no pictures by their names.</param>
    /// <param name="elapsed">Time that labelling took.</param>
    /// <param name="results">The file of results.</param>
    public static LabelSummary Of(LabelArguments arguments, RunTally tally, int skipped, int left, int otherFiles, TimeSpan elapsed, string results)
    {
        var settings = arguments.Settings;
        var ofFeatures = arguments.Features is not null;
        return new LabelSummary
        {
            Labelled = tally.Labelled,
            ByFeatures = ofFeatures ? tally.Labelled - tally.Unused.Count : null,
            ByPixels = ofFeatures ? tally.Unused.Count : null,
            Failed = tally.Failed.Count,
            Skipped = skipped,
            Left = left,
            OtherFiles = otherFiles,
            Seconds = elapsed.TotalSeconds,
            WindowsPerSecond = ofFeatures ? null : tally.Windows / Math.Max(elapsed.TotalSeconds, 1e-9),
            Doubt = tally.Doubt,
            Pixels = tally.Pixels,
            Failures = tally.Failures.ToDictionary(failure => failure.Reason, failure => failure.Pictures),
            Warnings = [.. LabelWarnings.Of(arguments.Labels.Classes, tally.Pixels, tally.Labelled + skipped)],
            Masks = Place("masks"),
            Overlays = settings.Overlay ? Place("overlays") : null,
            Scores = settings.Scores ? Place("scores") : null,
            DoubtMaps = settings.Doubt ? Place("doubt") : null,
            Features = settings.KeepFeatures is null ? null : Place("features"),
            Results = results,
        };

        string Place(string name) => Path.Combine(arguments.Output, name);
    }
}
