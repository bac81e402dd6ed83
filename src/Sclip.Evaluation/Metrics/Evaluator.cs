using Sclip.Evaluation.Predictions;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Metrics;

/// <summary>Counts all pictures of a data set, several side by side. Held are a matrix a thread and the worst pictures, however many there are.</summary>
public sealed class Evaluator
{
    private readonly EvaluationSettings _settings;
    private readonly MaskFolder _predictions;
    private readonly IGroundTruth _truth;
    private readonly ToldMasks? _told;
    private readonly ColorCode? _colors;
    private readonly IdTable? _predictionIds, _truthIds;

    /// <summary>Checks the settings.</summary>
    /// <param name="settings">How to count.</param>
    /// <param name="predictions">The predictions.</param>
    /// <param name="truth">The ground truth.</param>
    /// <param name="told">What results tell of the predictions, where there are any.</param>
    /// <exception cref="EvaluationException">They cannot be used.</exception>
    public Evaluator(EvaluationSettings settings, MaskFolder predictions, IGroundTruth truth, ToldMasks? told = null)
    {
        (_settings, _predictions, _truth, _told) = (settings, predictions, truth, told);
        (_predictionIds, _truthIds) = (settings.PredictionIds is { } predicted ? new IdTable(predicted) : null, settings.TruthIds is { } actual ? new IdTable(actual) : null);
        if (settings.Classes is { Count: > EvaluationSettings.MostClasses })
            throw new EvaluationException($"{settings.Classes.Count} classes are more than the {EvaluationSettings.MostClasses} that can be compared.");
        if (!settings.ByColors)
            return;
        if (settings.Classes is null)
            throw new EvaluationException("Masks can be read by the classes' colours only where the classes are known; give them by --labels.");
        _colors = new ColorCode(settings.Classes, settings.Ignore);
    }

    /// <summary>Reads a picture's prediction as these settings say.</summary>
    /// <exception cref="EvaluationException">It cannot be read, or is no mask.</exception>
    public LabelMap ReadPrediction(string picture) => ReadPredictionFile(_predictions.PathOf(picture));

    /// <summary>Reads a picture's ground truth as these settings say.</summary>
    /// <exception cref="EvaluationException">It cannot be read, or is no mask.</exception>
    public LabelMap ReadTruth(string picture)
    {
        var mask = _truth.Read(picture, _settings.Limits, _colors);
        _truthIds?.Apply(mask);
        return mask;
    }

    /// <summary>Counts the pictures that have both.</summary>
    /// <param name="match">Which they are.</param>
    /// <param name="counted">Is told of each picture, from any thread.</param>
    /// <param name="cancellationToken">Stops between pictures.</param>
    /// <exception cref="EvaluationException">Masks cannot be read, differ in size or hold what is no class: the first few are named.</exception>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public async Task<EvaluationResult> RunAsync(MaskMatch match, Action counted, CancellationToken cancellationToken)
    {
        var (faults, worst) = (new MaskFaults(), new WorstPictures(_settings.Worst));
        var gate = new Lock();
        using var pictures = match.Pictures(cancellationToken).GetEnumerator();
        var next = 0L;
        var parts = await Task.WhenAll(Enumerable.Range(0, Math.Max(1, _settings.Threads)).Select(_ => Task.Run(Count, cancellationToken)));
        faults.ThrowIfAny();
        foreach (var part in parts.Skip(1))
            parts[0].Add(part);
        return ResultOf(match, parts[0], worst.All);

        ConfusionMatrix Count()
        {
            var matrix = new ConfusionMatrix(_settings.Classes?.Count ?? EvaluationSettings.MostUnnamed, _settings.Ignore, _settings.ReduceZeroLabel);
            var areas = new ClassAreas(matrix.Classes);
            while (Take() is var (number, picture))
            {
                cancellationToken.ThrowIfCancellationRequested();
                areas.Clear();
                var fault = CountPicture(picture, matrix, areas);
                var score = areas.Pixels > 0 ? new PictureScore(picture, areas.MeanIou, areas.OverallAccuracy, areas.Pixels) : null;
                lock (gate)
                    if (fault is not null)
                        faults.Add(number, fault);
                    else if (score is not null)
                        worst.Add(score);
                counted();
            }
            return matrix;
        }

        // In the order of the list: when the faults are enough, all pictures before them are counted as well, and which are named does not depend on the threads.
        (long Number, string Picture)? Take()
        {
            lock (gate)
                return !faults.AreEnough && pictures.MoveNext() ? (next++, pictures.Current) : null;
        }
    }

    private LabelMap ReadPredictionFile(string path)
    {
        var mask = MaskFile.Read(path, _settings.Limits, _colors);
        if (_told?.Agree(path, mask) == false)
            throw new EvaluationException($"{path} has other pixels than its result counts: it is the mask of another picture or run.") { Advice = "The same `sclip label`, or `sclip results`, again makes such masks good." };
        _predictionIds?.Apply(mask);
        return mask;
    }

    private MaskFault? CountPicture(string picture, ConfusionMatrix matrix, ClassAreas areas)
    {
        var (predicted, actual) = (_predictions.PathOf(picture), _truth.PathOf(picture));
        try
        {
            var (prediction, truth) = (ReadPredictionFile(predicted), ReadTruth(picture));
            if ((prediction.Width, prediction.Height) != (truth.Width, truth.Height))
                return new MaskFault(picture, $"{predicted} is {prediction.Width} x {prediction.Height} pixels, its ground truth {actual} {truth.Width} x {truth.Height}.", MaskFault.SizeAdvice);
            try
            {
                matrix.Add(prediction.Labels, truth.Labels, areas);
                return null;
            }
            catch (LabelRangeException error)
            {
                var place = $"pixel ({error.Pixel % truth.Width}, {error.Pixel / truth.Width})";
                return new MaskFault(picture, $"{(error.InTruth ? actual : predicted)}: {place} holds {error.Label}, {Range(error.InTruth)}.", Advice(error));
            }
        }
        catch (EvaluationException error)
        {
            return new MaskFault(picture, error.Message, error.Advice is { } advice ? [advice] : []);
        }
    }

    private string Range(bool inTruth)
    {
        var first = inTruth && _settings.ReduceZeroLabel ? 1 : 0;
        return _settings.Classes is { Count: var count }
            ? $"and the {count} classes are {first} to {first + count - 1}"
            : $"and without --labels ids go up to {EvaluationSettings.MostUnnamed - 1}";
    }

    /// <summary>The same words for every value, so that they stand once below all.</summary>
    private string[] Advice(LabelRangeException error)
    {
        if (_settings.Classes is not { Count: var count })
            return ["Name the classes by --labels."];
        const string labels = "--labels must name all classes, in the order of their ids.";
        if (!error.InTruth)
            return [labels, "Where a value of predictions is another of the classes, give --prediction-ids VALUE=CLASS."];
        const string values = "Where a value of the ground truth is no class, give it by --ignore; where it is another of the classes, --ids VALUE=CLASS.";
        return error.Label == count && !_settings.ReduceZeroLabel ? [labels, values, "Where the ground truth counts its classes from 1, give --reduce-zero-label."] : [labels, values];
    }

    private EvaluationResult ResultOf(MaskMatch match, ConfusionMatrix matrix, IReadOnlyList<PictureScore> worst)
    {
        if (_settings.Classes is { } named)
        {
            var colors = Palette.Of(named);
            return Result(matrix, [.. named.Select((item, i) => new EvaluatedClass(i, item.Name, colors[i]))]);
        }
        var areas = matrix.Areas();
        var palette = Palette.PascalVoc(matrix.Classes);
        int[] found = [.. Enumerable.Range(0, matrix.Classes).Where(areas.Has)];
        return Result(matrix.Only(found), [.. found.Select(id => new EvaluatedClass(id, $"{id}", palette[id]))]);

        EvaluationResult Result(ConfusionMatrix counts, EvaluatedClass[] classes) =>
            new(_settings, match, counts, classes, worst,
            [
                .. Notices.Of(counts, classes, _settings, isSame: _truth.IsSameAs(_predictions), ignoresByPlan: _truth.IgnoresByPlan),
                .. new[] { Notices.Unseen("--ids", "ground truth", _truthIds?.Unseen ?? []), Notices.Unseen("--prediction-ids", "predictions", _predictionIds?.Unseen ?? []) }.OfType<string>(),
            ]);
    }
}
