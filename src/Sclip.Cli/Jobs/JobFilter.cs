using Sclip.Contracts.Jobs;

namespace Sclip.Cli.Jobs;

/// <summary>Which jobs are listed; those that are not filtered out, the newest first.</summary>
internal sealed record JobFilter
{
    /// <summary>The names of the states that there are.</summary>
    public static IReadOnlyList<string> StateNames { get; } = [.. Enum.GetValues<JobState>().Select(JobView.Name)];

    /// <summary>The states; empty for all.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>What must stand in the name, the id, the input, the model or a class's name; null for all.</summary>
    public string? Search { get; init; }

    /// <summary>Most jobs; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Understands the options.</summary>
    /// <exception cref="UserException">A state is none, or the limit is below 1.</exception>
    public static JobFilter Parse(string? states, string? search, int? limit) => new()
    {
        States = [.. (states ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => StateNames.Contains(name)
            ? Enum.Parse<JobState>(name, ignoreCase: true)
            : throw new UserException($"--state: '{JobNames.Shown(name)}' is none; there are {string.Join(", ", StateNames)}."))],
        Search = search,
        Limit = limit is < 1 ? throw new UserException($"--limit must be at least 1; it is {limit}.") : limit,
    };

    /// <summary>Whether a job in a state is listed.</summary>
    public bool Takes(JobState state) => States.Count == 0 || States.Contains(state);

    /// <summary>Whether a job is found by the search; one whose document cannot be read has only its id.</summary>
    public bool Finds(string id, JobDocument? job) => Search is null || (string?[])[id, .. job is null ? [] : TextsOf(job)] is var texts && texts.Any(text => text?.Contains(Search, StringComparison.OrdinalIgnoreCase) == true);

    private static IEnumerable<string?> TextsOf(JobDocument job) => [job.Name, $"{job.Input.Container}/{job.Input.Prefix}", job.Model, .. job.Labels.Select(label => label.Name)];
}
