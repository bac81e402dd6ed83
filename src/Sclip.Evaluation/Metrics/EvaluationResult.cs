using Sclip.Evaluation.Predictions;
using Sclip.Labels;

namespace Sclip.Evaluation.Metrics;

/// <summary>What an evaluation found.</summary>
public sealed class EvaluationResult
{
    internal EvaluationResult(
        EvaluationSettings settings, MaskMatch match, ConfusionMatrix matrix, IReadOnlyList<EvaluatedClass> classes, IReadOnlyList<PictureScore> worst, IReadOnlyList<string> notices)
    {
        (Settings, Match, Matrix, Classes, Worst, Notices) = (settings, match, matrix, classes, worst, notices);
        Areas = matrix.Areas();
    }

    /// <summary>What was asked for.</summary>
    public EvaluationSettings Settings { get; }

    /// <summary>How predictions and ground truth went together.</summary>
    public MaskMatch Match { get; }

    /// <summary>Pixels by ground truth and prediction, over <see cref="Classes"/>.</summary>
    public ConfusionMatrix Matrix { get; }

    /// <summary>The measures.</summary>
    public ClassAreas Areas { get; }

    /// <summary>The classes, in the order of the matrix.</summary>
    public IReadOnlyList<EvaluatedClass> Classes { get; }

    /// <summary>The pictures of the lowest mean IoU, the worst first.</summary>
    public IReadOnlyList<PictureScore> Worst { get; }

    /// <summary>What looks as if masks were read in another way than they are meant, each with what may help.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>What is most often taken for what: the largest counts beside the diagonal, at most <paramref name="most"/>; of two alike the first by their classes.</summary>
    public IReadOnlyList<Confusion> Confusions(int most)
    {
        var largest = new PriorityQueue<Confusion, (long, int, int)>();
        for (var truth = 0; truth < Classes.Count; truth++)
            for (var prediction = 0; prediction < Classes.Count; prediction++)
                if (prediction != truth && Matrix[truth, prediction] is > 0 and var pixels)
                {
                    largest.Enqueue(new Confusion(truth, prediction, pixels, (double)pixels / Areas.Truth[truth]), (pixels, -truth, -prediction));
                    if (largest.Count > most)
                        largest.Dequeue();
                }
        return [.. largest.UnorderedItems.Select(item => item.Element).OrderByDescending(item => item.Pixels).ThenBy(item => item.Truth).ThenBy(item => item.Prediction)];
    }
}

/// <summary>Pixels of a class that were taken for another.</summary>
/// <param name="Truth">Index of the class.</param>
/// <param name="Prediction">Index of the other.</param>
/// <param name="Pixels">How many.</param>
/// <param name="Share">Of the class's pixels, 0..1.</param>
public sealed record Confusion(int Truth, int Prediction, long Pixels, double Share);
