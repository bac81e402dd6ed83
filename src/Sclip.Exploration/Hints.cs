using System.Globalization;

namespace Sclip.Exploration;

/// <summary>Says in plain words what figures mean for who chooses names.</summary>
internal static class Hints
{
    private const double Specks = 0.005, MuchDoubt = 0.5, Contested = 0.01, Alike = 0.95, ClearOdds = 10;

    public static string Of(ClassFinding finding, bool wins)
    {
        if (!wins && finding.Share > 0)
            return $"The background: it wins nowhere by itself, and has what the thresholds give it. It comes nearest to {finding.Rival}.";
        if (!wins)
            return $"Never wins: at best {Cosine(-finding.Lead)} behind {finding.Rival}. Leave it out, or say it in other words.";
        if (finding.Share == 0)
            return "Loses what it wins to the thresholds.";
        if (finding.Share < Specks)
            return $"Specks alone, where {finding.Rival} comes next. If it is not in the pictures, leave it out.";
        return finding.Rival is not null && finding.Doubt >= MuchDoubt
            ? $"In doubt on {Percent(finding.Doubt)} of its pixels, mostly with {finding.Rival}. Word the two further apart, or make them synonyms."
            : "Clear.";
    }

    /// <summary>Whether a pair is worth telling; likeness says nothing where neither of the two gets more than specks.</summary>
    public static bool Compete(double contested, double correlation, double greaterShare) => contested >= Contested || (correlation >= Alike && greaterShare >= Specks);

    public static string OfPair(double contested, double correlation) => (contested >= Contested, correlation >= Alike) switch
    {
        (true, true) => "Seen in the same places, and often hard to tell apart: synonyms of one class?",
        (true, false) => "Often hard to tell apart: word them further apart.",
        _ => "Seen in the same places, though one is ahead: is the other needed?",
    };

    /// <summary>By how much more probable the nearest name is than the next.</summary>
    public static string OfCluster(IReadOnlyList<(string Name, double Cosine)> nearest, double logitScale) =>
        nearest.Count < 2 ? $"Nearest to {nearest[0].Name}, the only class."
        : Math.Exp(logitScale * (nearest[0].Cosine - nearest[1].Cosine)) switch
        {
            >= ClearOdds => $"Clearly {nearest[0].Name}.",
            >= ClassStatistics.CloseOdds => $"Most likely {nearest[0].Name}; {nearest[1].Name} comes next.",
            _ => $"Between {nearest[0].Name} and {nearest[1].Name}: is a name missing for it?",
        };

    public static string Percent(double share) => share is > 0 and < 0.0005 ? "< 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    public static string Cosine(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
