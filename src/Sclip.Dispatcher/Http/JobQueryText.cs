using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Catalog;

namespace Sclip.Dispatcher.Http;

/// <summary>Reads which jobs are asked for from a query's texts.</summary>
internal static class JobQueryText
{
    /// <exception cref="JobRequestException">A value is none of those that are allowed.</exception>
    public static JobQuery Read(
        string? search, string? state, string? priority, bool? failures, string? failure, string? since, string? until, string? sort, bool? descending, int offset, int limit)
    {
        if (search?.Length > JobQuery.LongestSearch)
            throw Invalid($"search may have {JobQuery.LongestSearch} letters; it has {search.Length}.");
        if (limit is < 1 or > JobQuery.MostJobs)
            throw Invalid($"limit must lie in 1..{JobQuery.MostJobs}; it is {limit}.");
        if (offset < 0)
            throw Invalid($"offset must not be negative; it is {offset}.");
        return new JobQuery
        {
            Search = search,
            States = state is null ? null : [.. state.Split(',').Select(name => OneOf<JobState>("state", name)).Distinct()],
            Urgent = priority switch
            {
                null => null,
                "urgent" => true,
                "normal" => false,
                _ => throw Invalid($"priority must be urgent or normal; it is '{JobNames.Shown(priority)}'."),
            },
            Failures = failures,
            Failure = failure,
            Since = Time("since", since),
            Until = Time("until", until),
            Sort = sort is null ? JobSort.Created : OneOf<JobSort>("sort", sort),
            // What is asked for without a direction: the newest first, and names from a to z.
            Descending = descending ?? sort is null or "created",
            Offset = offset,
            Limit = limit,
        };
    }

    private static T OneOf<T>(string key, string value)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToArray();
        return names.Contains(value, StringComparer.Ordinal) ? Enum.Parse<T>(value, ignoreCase: true) : throw Invalid($"{key} must be of {string.Join(", ", names)}; it is '{JobNames.Shown(value)}'.");
    }

    private static DateTimeOffset? Time(string key, string? value) => value is null ? null
        : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw Invalid($"{key} must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z; it is '{JobNames.Shown(value)}'.");

    private static JobRequestException Invalid(string message) => new(JobRequestFault.Invalid, message);
}
