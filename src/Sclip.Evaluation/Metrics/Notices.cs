using Sclip.Evaluation.Reports;
using Sclip.Labels;

namespace Sclip.Evaluation.Metrics;

/// <summary>
/// What looks as if masks were read in another way than they are meant, though all could be counted: sentences for a person, each with the
/// option that may help.
/// </summary>
public static class Notices
{
    private const int Target = 255;
    private const int MostNames = 5;
    private const double MuchIgnored = 0.05, NearlyAll = 0.99;

    /// <summary>All that there are of counts.</summary>
    /// <param name="matrix">The counts, over the classes.</param>
    /// <param name="classes">The classes, in the order of the matrix.</param>
    /// <param name="settings">How masks were read.</param>
    /// <param name="isSame">Whether predictions and ground truth are the same files.</param>
    /// <param name="ignoresByPlan">Whether the ground truth says itself which pixels do not count and which class each is of, so that no option for values is to be advised.</param>
    public static IEnumerable<string> Of(
        ConfusionMatrix matrix, IReadOnlyList<EvaluatedClass> classes, EvaluationSettings settings, bool isSame = false, bool ignoresByPlan = false)
    {
        var areas = matrix.Areas();
        var target = ignoresByPlan ? null : TargetIgnored(matrix, areas, classes, settings);
        string?[] notices =
        [
            Same(areas, isSame),
            ignoresByPlan ? null : NoneIgnored(areas, settings),
            target ?? (ignoresByPlan ? null : Ignored(areas, settings)),
            target is null ? TargetPredicted(matrix, areas, classes) : null,
            new ClassOrder(matrix, classes, settings, hasIds: !ignoresByPlan).Notice(),
            OneClass(areas, classes),
            settings.Classes is null ? null : WithoutTruth(areas, classes),
        ];
        return notices.OfType<string>();
    }

    private static string? Same(ClassAreas areas, bool isSame)
    {
        if (isSame)
            return "Predictions and ground truth are the same files: the measures say nothing. Give the folder of the ground truth by --ground-truth.";
        return areas.OverallAccuracy == 1
            ? $"All {Figures.Whole(areas.Pixels)} pixels that count are right, as hardly ever happens: see that the predictions are no copy of the ground truth, and that what counts is what is meant."
            : null;
    }

    /// <summary>A value that was said not to count, and is nowhere.</summary>
    private static string? NoneIgnored(ClassAreas areas, EvaluationSettings settings) => settings.Ignore is { } value && value != new EvaluationSettings().Ignore && !settings.ReduceZeroLabel && areas.Ignored == 0
        ? $"No pixel of the ground truth is {value}, so that --ignore {value} leaves nothing out. See which value is meant."
        : null;

    /// <summary>Values that were to be read as others, and are nowhere.</summary>
    /// <param name="option">The option that has them.</param>
    /// <param name="side">Whose they are.</param>
    /// <param name="ids">The values.</param>
    internal static string? Unseen(string option, string side, IReadOnlyList<int> ids) => ids.Count == 0
        ? null
        : $"No pixel of the {side} is {string.Join(", ", ids.Take(MostNames))}{(ids.Count > MostNames ? ", …" : "")}, which {option} reads as {(ids.Count == 1 ? "another" : "others")}. See which {(ids.Count == 1 ? "value is" : "values are")} meant.";

    /// <summary>A ground truth of two values, one of which is 255 and does not count.</summary>
    private static string? TargetIgnored(ConfusionMatrix matrix, ClassAreas areas, IReadOnlyList<EvaluatedClass> classes, EvaluationSettings settings)
    {
        if (settings.ReduceZeroLabel || settings.Ignore != Target || areas.Ignored == 0)
            return null;
        int[] counted = [.. Enumerable.Range(0, classes.Count).Where(i => areas.Truth[i] > 0).Select(i => classes[i].Id)];
        if (counted is not [var only])
            return null;
        // Which one it is goes without saying where there is but one other.
        var other = classes.Count > 2 ? "CLASS" : only == 0 ? "1" : "0";
        var arePredicted = matrix.Predicted.Contains(Target);
        var help = !arePredicted ? $"--ids {Target}={other}" : settings.Classes is null ? "--ignore none" : $"--ids {Target}={other} --prediction-ids {Target}={other}";
        return $"The ground truth has two values, {only} and {Target}, and {Target} does not count: {Share(areas)} of the pixels are left out. Where {Target} is a class, give {help}{(help == "--ignore none" ? "" : ", or --ignore none where it is a class's own id")}.";
    }

    private static string? Ignored(ClassAreas areas, EvaluationSettings settings)
    {
        if (areas.IgnoredShare <= MuchIgnored)
            return null;
        var values = (settings.Ignore, settings.ReduceZeroLabel) switch
        {
            ({ } value, false) => $"{value}",
            (null, _) => "0",
            ({ } value, true) => $"0 or {value}",
        };
        var help = settings.ReduceZeroLabel
            ? "Where 0 is a class, leave out --reduce-zero-label"
            : $"Where {values} is a class, give --ids {values}=CLASS, or --ignore none where it is a class's own id";
        return $"{Share(areas)} of the pixels do not count, {Figures.Whole(areas.Ignored)} of {Figures.Whole(areas.Ignored + areas.Pixels)}: their ground truth is {values}. {help}.";
    }

    /// <summary>Predictions of two values, one of which is 255, where the ground truth has no such class.</summary>
    private static string? TargetPredicted(ConfusionMatrix matrix, ClassAreas areas, IReadOnlyList<EvaluatedClass> classes)
    {
        if (matrix.Predicted.Take(3).ToArray() is not [var other, Target] || classes.Index().Any(item => item.Item.Id == Target && areas.Truth[item.Index] > 0))
            return null;
        var index = other == 0 ? 1 : 0;
        return $"The predictions have two values, {other} and {Target}, and {Target} is no class of the ground truth's. Where it is class {index}, give --prediction-ids {Target}={index}; where the ground truth holds it, too, --ignore none.";
    }

    private static string? OneClass(ClassAreas areas, IReadOnlyList<EvaluatedClass> classes)
    {
        if (areas.Pixels == 0)
            return null;
        var largest = Enumerable.Range(0, classes.Count).MaxBy(i => areas.Prediction[i]);
        var (predicted, actual) = ((double)areas.Prediction[largest] / areas.Pixels, (double)areas.Truth[largest] / areas.Pixels);
        return predicted >= NearlyAll && actual < predicted - MuchIgnored
            ? $"{Figures.Percent(predicted)} % of the pixels are predicted as {classes[largest].Name}, which has {Figures.Percent(actual)} % of the ground truth. See whether the masks are those that are meant, and which names and thresholds they were made with."
            : null;
    }

    private static string? WithoutTruth(ClassAreas areas, IReadOnlyList<EvaluatedClass> classes)
    {
        string[] lacking = [.. Enumerable.Range(0, classes.Count).Where(i => areas.Truth[i] == 0).Select(i => classes[i].Name)];
        return lacking.Length == 0
            ? null
            : $"{lacking.Length} of {classes.Count} classes {(lacking.Length == 1 ? "has" : "have")} no ground truth: {string.Join(", ", lacking.Take(MostNames))}{(lacking.Length > MostNames ? ", …" : "")}. Where the pictures show them, see that --labels has the order of the ground truth's ids, and that those are read as meant (--ids, --ignore, --reduce-zero-label).";
    }

    private static string Share(ClassAreas areas) => $"{Figures.Percent(areas.IgnoredShare)} %";
}
