using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Hosting.Configuration;

namespace Sclip.Cli.Reviewing;

/// <summary>What decisions of reviewers are called in arguments.</summary>
internal static class DecisionNames
{
    private const string Open = "open";

    /// <summary>All of them; open stands for pictures that nobody decided on, or that were labelled anew since.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<ReviewDecision>().OrderBy(decision => decision == ReviewDecision.None).Select(Of)];

    /// <summary>What one is called.</summary>
    public static string Of(ReviewDecision decision) => decision == ReviewDecision.None ? Open : decision.ToString().ToLowerInvariant();

    /// <summary>Reads some, with commas between.</summary>
    /// <exception cref="UserException">One is none.</exception>
    public static ReviewDecision[] Parse(string option, string names) => [.. names.Split(',', StringSplitOptions.TrimEntries).Select(name => Find(option, name)).Distinct()];

    private static ReviewDecision Find(string option, string name)
    {
        foreach (var decision in Enum.GetValues<ReviewDecision>())
            if (Of(decision) == name)
                return decision;
        throw new UserException($"{option}: '{JobNames.Shown(name)}' is no decision{(NearestName.Of(name, All) is { } near ? $" (did you mean '{near}'?)" : "")}; there are {string.Join(", ", All)}.");
    }
}
