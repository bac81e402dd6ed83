using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher.Review;

/// <summary>What decisions of reviewers are called in arguments and queries.</summary>
public static class DecisionNames
{
    private const string Open = "open";

    /// <summary>All of them; open stands for pictures that nobody decided on, or that were labelled anew since.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<ReviewDecision>().OrderBy(decision => decision == ReviewDecision.None).Select(Of)];

    /// <summary>What one is called.</summary>
    public static string Of(ReviewDecision decision) => decision == ReviewDecision.None ? Open : ReviewDecisionJson.NameOf(decision);

    /// <summary>Reads some, with commas between.</summary>
    /// <param name="key">The option, or the query's key.</param>
    /// <param name="names">The decisions.</param>
    /// <exception cref="JobRequestException">One is none.</exception>
    public static ReviewDecision[] Parse(string key, string names) => [.. names.Split(',', StringSplitOptions.TrimEntries).Select(name => Find(key, name)).Distinct()];

    private static ReviewDecision Find(string key, string name)
    {
        foreach (var decision in Enum.GetValues<ReviewDecision>())
            if (Of(decision) == name)
                return decision;
        throw new JobRequestException(JobRequestFault.Invalid, $"{key}: '{JobNames.Shown(name)}' is no decision{(NearestName.Of(name, All) is { } near ? $" (did you mean '{near}'?)" : "")}; there are {string.Join(", ", All)}.");
    }
}
