using Sclip.Evaluation.Reports;
using Sclip.Labels;

namespace Sclip.Evaluation.Metrics;

/// <summary>Whether predictions and ground truth seem to have their classes in other orders: all of them, some, or all counted from another number.</summary>
/// <param name="matrix">The counts, over the classes.</param>
/// <param name="classes">The classes, in the order of the matrix.</param>
/// <param name="settings">How masks were read.</param>
/// <param name="hasIds">Whether an option for ids is to be advised.</param>
internal sealed class ClassOrder(ConfusionMatrix matrix, IReadOnlyList<EvaluatedClass> classes, EvaluationSettings settings, bool hasIds)
{
    private const int MostMoves = 8, MostIds = 30;

    // Of all pixels, those that agree once the classes are moved; and how many times as many as agree now.
    private const double Moved = 0.6, Shifted = 0.3, Times = 3;

    // Of those, the ones that a shift explains, to be one.
    private const double NearlyMoved = 0.9;

    private readonly ClassAreas _areas = matrix.Areas();

    /// <summary>A sentence where classes agree far better once they are counted from another number, or put in another order; else null.</summary>
    public string? Notice()
    {
        var now = _areas.OverallAccuracy;
        var moves = Moves();
        var moved = moves.Sum(move => (double)move.Pixels) / _areas.Pixels;
        // Of two classes, another order is the nearer thought; but the first of them may be gone.
        if (classes.Count > 2 || settings.ReduceZeroLabel)
            foreach (var by in (int[])[1, -1])
                if (Agreement(by) is var shifted && shifted >= Shifted && shifted >= Times * now && shifted >= NearlyMoved * moved)
                    return Shift(by, shifted, now);
        return moved >= Moved && moved >= Times * now
            ? Order("The classes seem to be in another order", "the pixels", moved, now, moves)
            : Exchanged(moves) is var (some, right, wrong)
                ? Order($"{string.Join(", ", some.Take(MostMoves).Select(move => classes[move.Truth].Name))} seem to be called by each other's names", "their pixels", right, wrong, some)
                : null;
    }

    private string Order(string said, string pixels, double right, double wrong, IEnumerable<Move> of)
    {
        var shown = of.Where(move => move.Truth != move.Prediction).OrderBy(move => move.Truth).ToArray();
        var pairs = string.Join(", ", shown.Take(MostMoves).Select(move => $"{classes[move.Truth].Name} is {classes[move.Prediction].Name}")) + (shown.Length > MostMoves ? ", …" : "");
        var ids = settings.TruthIds is null && shown.Length <= MostIds ? $" {string.Join(',', shown.Select(move => $"{TruthId(move.Truth)}={TruthId(move.Prediction)}"))}" : "";
        return $"{said}: {Figures.Percent(right)} % of {pixels} are right where what the ground truth calls so is read otherwise ({pairs}), {Figures.Percent(wrong)} % as it is. Give --labels in the order of the masks' ids{(hasIds ? $", or --ids{ids}" : "")}.";
    }

    private int TruthId(int index) => classes[index].Id + (settings.ReduceZeroLabel ? 1 : 0);

    /// <summary>The share of pixels that are right where predictions are taken for a class of another id.</summary>
    /// <param name="by">How much greater it is.</param>
    private double Agreement(int by)
    {
        var indexOfId = classes.Select((item, i) => (item.Id, i)).ToDictionary();
        return classes.Index().Sum(item => indexOfId.TryGetValue(item.Item.Id + by, out var other) ? (double)matrix[item.Index, other] : 0) / _areas.Pixels;
    }

    private string Shift(int by, double shifted, double now)
    {
        var told = $"{Figures.Percent(shifted)} % of the pixels are right where the ground truth's classes are taken for one {(by > 0 ? "more" : "less")}, {Figures.Percent(now)} % as it is";
        if (!hasIds)
            return $"The classes seem to be shifted by one: {told}. Give --labels in the order of the masks' ids.";
        return (by, settings.ReduceZeroLabel) switch
        {
            (1, true) => $"The ground truth seems to be reduced already: {told}. Leave out --reduce-zero-label.",
            (-1, false) => $"The ground truth seems to begin its classes with 1: {told}. Give --reduce-zero-label.",
            _ => $"The classes seem to be shifted by one: {told}. Give --prediction-ids, or --ids, with all that are meant, such as --ids {TruthId(0)}={TruthId(0) + by},{TruthId(1)}={TruthId(1) + by}.",
        };
    }

    /// <summary>Classes that change places among themselves, while the others stay: their moves, and the shares of their pixels that are right with them and without.</summary>
    private (List<Move> Moves, double Right, double Wrong)? Exchanged(List<Move> moves)
    {
        var ofTruth = moves.ToDictionary(move => move.Truth);
        var (found, seen) = (new List<Move>(), new HashSet<int>());
        foreach (var first in moves)
        {
            var cycle = new List<Move>();
            for (var move = first; seen.Add(move.Truth); move = ofTruth[move.Prediction])
            {
                cycle.Add(move);
                if (!ofTruth.ContainsKey(move.Prediction))
                    break;
            }
            if (cycle.Count < 2 || cycle[^1].Prediction != cycle[0].Truth)
                continue;
            var (right, wrong) = (cycle.Sum(move => move.Pixels), cycle.Sum(move => matrix[move.Truth, move.Truth]));
            if (right >= Moved * cycle.Sum(move => _areas.Truth[move.Truth]) && right >= Times * wrong)
                found.AddRange(cycle);
        }
        var all = found.Sum(move => (double)_areas.Truth[move.Truth]);
        return found.Count == 0 ? null : (found, found.Sum(move => move.Pixels) / all, found.Sum(move => matrix[move.Truth, move.Truth]) / all);
    }

    /// <summary>Gives each class of the ground truth the prediction it goes with best, each once: the largest counts first.</summary>
    private List<Move> Moves()
    {
        var counts = new List<Move>();
        for (var truth = 0; truth < matrix.Classes; truth++)
            for (var prediction = 0; prediction < matrix.Classes; prediction++)
                if (matrix[truth, prediction] is > 0 and var pixels)
                    counts.Add(new Move(truth, prediction, pixels));
        var (truths, predictions) = (new HashSet<int>(), new HashSet<int>());
        return [.. counts.OrderByDescending(count => count.Pixels).Where(count => !truths.Contains(count.Truth) && !predictions.Contains(count.Prediction) && truths.Add(count.Truth) && predictions.Add(count.Prediction))];
    }

    /// <summary>A class of the ground truth, the prediction that it goes with, and the pixels that have both.</summary>
    private readonly record struct Move(int Truth, int Prediction, long Pixels);
}
