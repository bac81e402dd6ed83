using Sclip.Evaluation.Metrics;
using Sclip.Labels;

namespace Sclip.Evaluation.Reports;

/// <summary>What measures say nothing of, in words; also that it is nothing.</summary>
public static class LeftOut
{
    /// <summary>Pixels and pictures of an evaluation.</summary>
    public static string Of(EvaluationResult result) =>
        $"{Pixels(result.Areas)}; {Count(result.Match.WithoutTruth.Count, "prediction")} without ground truth, "
        + $"{Count(result.Match.WithoutPrediction.Count, "picture")} of the ground truth without prediction, {Figures.Whole(result.Match.Failed.Count)} failed to be labelled";

    /// <summary>Pixels whose ground truth does not count.</summary>
    public static string Pixels(ClassAreas areas) => $"{Count(areas.Ignored, "pixel")} ({Figures.Percent(areas.IgnoredShare)} %) that {(areas.Ignored == 1 ? "does" : "do")} not count";

    private static string Count(long count, string what) => $"{Figures.Whole(count)} {what}{(count == 1 ? "" : "s")}";
}
