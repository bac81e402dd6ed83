using Microsoft.Data.Sqlite;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;

namespace Sclip.Dispatcher.Catalog;

/// <summary>Which jobs are asked for, and in which order.</summary>
internal sealed record JobQuery
{
    /// <summary>Most jobs of a page.</summary>
    public const int MostJobs = 500;

    /// <summary>Most letters of a search.</summary>
    public const int LongestSearch = 200;

    /// <summary>Part of the name, the id, the input, the model or the name of a class, in letters of either case.</summary>
    public string? Search { get; init; }

    /// <summary>Only jobs that stand so.</summary>
    public IReadOnlyList<JobState>? States { get; init; }

    /// <summary>Only jobs that pass others, or only those that do not.</summary>
    public bool? Urgent { get; init; }

    /// <summary>Only jobs of which images failed, or only those of which none did.</summary>
    public bool? Failures { get; init; }

    /// <summary>Only jobs of which images failed for this reason.</summary>
    public string? Failure { get; init; }

    /// <summary>Only jobs that were submitted then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only jobs that were submitted before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What they are ordered by.</summary>
    public JobSort Sort { get; init; } = JobSort.Created;

    /// <summary>Whether the largest comes first.</summary>
    public bool Descending { get; init; } = true;

    /// <summary>Jobs before the first of the page.</summary>
    public int Offset { get; init; }

    /// <summary>Jobs of the page, 1 to <see cref="MostJobs"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The command that selects the keys of the page.</summary>
    public SqliteCommand Page(SqliteConnection connection)
    {
        var (column, direction) = (Column, Descending ? "DESC" : "ASC");
        // What has no value comes last either way; among equals the newest first, as lists without an order of their own have it.
        return Command(connection, "SELECT key", $"ORDER BY {column} IS NULL, {column} {direction}, created DESC, id LIMIT $limit OFFSET $offset", ("$limit", Limit), ("$offset", Offset));
    }

    /// <summary>The command that counts all jobs that are admitted.</summary>
    public SqliteCommand Count(SqliteConnection connection) => Command(connection, "SELECT COUNT(*)", "");

    private string Column => Sort switch
    {
        JobSort.Name => "name",
        JobSort.State => "state",
        JobSort.Progress => "progress",
        JobSort.Failed => "failed",
        JobSort.Images => "images",
        JobSort.Priority => "priority",
        JobSort.Completed => "completed",
        _ => "created",
    };

    private SqliteCommand Command(SqliteConnection connection, string select, string order, params ReadOnlySpan<(string Name, object? Value)> page)
    {
        var (conditions, parameters) = (new List<string> { "TRUE" }, new List<(string Name, object? Value)>());
        void Add(string condition, string name, object value)
        {
            conditions.Add(condition);
            parameters.Add((name, value));
        }

        if (Search is { Length: > 0 } text)
            Add("(instr(text, $search) > 0 OR labels IN (SELECT key FROM label_sets WHERE instr(text, $search) > 0))", "$search", JobWords.Folded(text));
        if (States is { } states)
            conditions.Add($"state IN ({string.Join(", ", states.Select(state => (int)state))})");
        if (Urgent is { } urgent)
            Add($"(priority >= {JobDocument.LeastUrgent}) = $urgent", "$urgent", urgent);
        if (Failures is { } failures)
            Add("(failed > 0) = $failures", "$failures", failures);
        if (Failure is { } reason)
            Add("key IN (SELECT key FROM failures WHERE reason = $reason)", "$reason", reason);
        if (Since is { } since)
            Add("created >= $since", "$since", since.UtcTicks);
        if (Until is { } until)
            Add("created < $until", "$until", until.UtcTicks);
        return connection.Command($"{select} FROM jobs WHERE {string.Join(" AND ", conditions)} {order}", [.. parameters, .. page]);
    }
}

/// <summary>What jobs are ordered by.</summary>
internal enum JobSort
{
    /// <summary>When they were submitted.</summary>
    Created,

    /// <summary>What people call them, else their ids.</summary>
    Name,

    /// <summary>How they stand: planning, waiting, running, then those that have ended.</summary>
    State,

    /// <summary>The share of their images that have a result.</summary>
    Progress,

    /// <summary>Images that failed.</summary>
    Failed,

    /// <summary>Images in all.</summary>
    Images,

    /// <summary>Their priority.</summary>
    Priority,

    /// <summary>When they were complete.</summary>
    Completed,
}
