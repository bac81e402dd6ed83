using Sclip.Contracts;
using Sclip.Workbench.Labelling;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>Names that are to be judged, and by which wishes.</summary>
internal record JudgeRequest : LabelQuery
{
    public IReadOnlyList<Wish> Wishes { get; init; } = [];
}

/// <summary>What the judging found.</summary>
/// <param name="Wishes">Those on pictures that are ready.</param>
/// <param name="Held">How many of them are fulfilled.</param>
/// <param name="Missed">How many are not.</param>
/// <param name="Waiting">Wishes on pictures that are not ready.</param>
/// <param name="Truth">Against the ground truth; null where no picture that is ready has any.</param>
/// <param name="Draft">Names that were embedded by a few templates only.</param>
internal sealed record Judgement(IReadOnlyList<WishFinding> Wishes, int Held, int Missed, int Waiting, TruthFinding? Truth, IReadOnlyList<string> Draft);

/// <summary>What became of a wish.</summary>
/// <param name="Id">Which.</param>
/// <param name="Held">Whether at least half of what was looked at has its class.</param>
/// <param name="Share">How much has.</param>
/// <param name="Is">The class that most of it has.</param>
internal sealed record WishFinding(string Id, bool Held, double Share, string Is);

/// <summary>How label maps fare against the ground truth.</summary>
/// <param name="Pictures">Pictures that were counted.</param>
/// <param name="Miou">The mean over the ground truth's classes that are in either.</param>
/// <param name="Classes">The ground truth's classes, then those that it has not, which have no IoU: their pixels are wrong where the ground truth has a class.</param>
internal sealed record TruthFinding(int Pictures, double? Miou, IReadOnlyList<ClassFinding> Classes)
{
    /// <summary>Why pictures were left out; null where none was.</summary>
    public string? Error { get; init; }
}

/// <summary>How a class fares: its intersection over union; null where it occurs in neither.</summary>
internal sealed record ClassFinding(string Name, double? Iou);

/// <summary>What suggestions are sought for.</summary>
internal sealed record SuggestRequest : JudgeRequest
{
    /// <summary>Names that may become synonyms, by class.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Pool { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whether the names of the benchmarks' lists may, too, of each class.</summary>
    public bool Lexicon { get; init; }
}

/// <summary>A line of the answer to it: how far it is, at last what was found, or why nothing was.</summary>
internal sealed record SuggestLine
{
    public double? Progress { get; init; }

    public string? Doing { get; init; }

    /// <summary>Changes that were tried.</summary>
    public int? Tried { get; init; }

    /// <summary>The best of those that gain something, the best first.</summary>
    public IReadOnlyList<Suggestion>? Suggestions { get; init; }

    /// <summary>What is to be known of them; null where there is nothing.</summary>
    public string? Note { get; init; }

    public string? Error { get; init; }
}

/// <summary>What a suggestion changes.</summary>
internal enum ChangeKind
{
    /// <summary>A synonym is added to a class.</summary>
    Add,

    /// <summary>One is removed.</summary>
    Remove,

    /// <summary>The probability threshold is another.</summary>
    Threshold,
}

/// <summary>A change that gains something, with what was counted before and after.</summary>
internal sealed record Suggestion
{
    public required ChangeKind Change { get; init; }

    public string? Class { get; init; }

    public string? Name { get; init; }

    public double? Value { get; init; }

    public required string Text { get; init; }

    public required int HeldBefore { get; init; }

    public required int Held { get; init; }

    /// <summary>On a sample of the pixels.</summary>
    public double? MiouBefore { get; init; }

    public double? Miou { get; init; }

    /// <summary>The mean gain on left-out pictures of what would be chosen without them: for the first suggestion of all changes, for others of those of their kind to their class; null without ground truth, or with one picture.</summary>
    public double? CrossValidated { get; init; }

    public int? Folds { get; init; }

    /// <summary>Folds in which that is a gain.</summary>
    public int? FoldsBetter { get; init; }

    /// <summary>The classes with the change.</summary>
    public required IReadOnlyList<LabelClass> Labels { get; init; }

    /// <summary>The settings with the change.</summary>
    public required LiveSettings Settings { get; init; }
}
