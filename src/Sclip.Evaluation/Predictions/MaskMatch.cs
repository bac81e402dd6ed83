using System.Text;

namespace Sclip.Evaluation.Predictions;

/// <summary>How predictions and ground truth go together.</summary>
public sealed class MaskMatch
{
    private readonly PredictionFolder _predictions;
    private readonly IGroundTruth _truth;

    private MaskMatch(PredictionFolder predictions, IGroundTruth truth) => (_predictions, _truth) = (predictions, truth);

    /// <summary>Pictures that have both.</summary>
    public long Pairs { get; private set; }

    /// <summary>Predictions without ground truth.</summary>
    public NameSample WithoutTruth { get; } = new();

    /// <summary>Ground truth without prediction.</summary>
    public NameSample WithoutPrediction { get; } = new();

    /// <summary>Pictures that the results call failed.</summary>
    public NameSample Failed { get; private set; } = new();

    /// <summary>Whether each has its other.</summary>
    public bool IsWhole => WithoutTruth.Count + WithoutPrediction.Count == 0;

    /// <summary>Looks for each side's masks on the other; holds no names but a few.</summary>
    /// <exception cref="EvaluationException">One side has no masks, or no prediction has ground truth.</exception>
    public static MaskMatch Of(PredictionFolder predictions, IGroundTruth truth, CancellationToken cancellationToken)
    {
        var match = new MaskMatch(predictions, truth) { Failed = predictions.Failures(cancellationToken) };
        foreach (var picture in Listed(predictions.Masks.Pictures(), cancellationToken))
            if (truth.Has(picture))
                match.Pairs++;
            else
                match.WithoutTruth.Add(picture);
        foreach (var picture in Listed(truth.Without(predictions.Masks), cancellationToken))
            match.WithoutPrediction.Add(picture);
        match.RefuseNothing();
        return match;
    }

    /// <summary>The pictures that have both, as the file system lists them.</summary>
    public IEnumerable<string> Pictures(CancellationToken cancellationToken) => Listed(_predictions.Masks.Pictures(), cancellationToken).Where(_truth.Has);

    /// <summary>What does not match, a line each.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        Line(WithoutTruth, "prediction has", "predictions have", "no ground truth");
        Line(WithoutPrediction, "picture of the ground truth has", "pictures of the ground truth have", "no prediction");
        Line(Failed, "picture", "pictures", "failed to be labelled, as the results say");
        return text.ToString().TrimEnd('\n');

        void Line(NameSample names, string one, string many, string what)
        {
            if (names.Count > 0)
                text.Append($"  {names.Count} {(names.Count == 1 ? one : many)} {what}: {names}\n");
        }
    }

    private static IEnumerable<string> Listed(IEnumerable<string> pictures, CancellationToken cancellationToken)
    {
        foreach (var picture in pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return picture;
        }
    }

    private void RefuseNothing()
    {
        if (Pairs > 0)
            return;
        if (WithoutTruth.Count == 0)
            throw new EvaluationException(_predictions.Masks.Describe() + (Failed.Count > 0 ? $"\n{Describe()}" : ""));
        if (WithoutPrediction.Count == 0)
            throw new EvaluationException(_truth.Describe());
        throw new EvaluationException($"""
            No prediction has ground truth, by their names:
              predictions, for example {_predictions.Masks.PathOf(WithoutTruth.First.First())}
              ground truth, for example {_truth.PathOf(WithoutPrediction.First.First())}
            They are matched by the path below the two folders: where one side has a folder more, give that folder. What names have behind the picture's is given by
            --prediction-suffix and --ground-truth-suffix.
            """);
    }
}
