using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Catalog;

namespace Sclip.Dispatcher.Http;

/// <summary>Reads which jobs are asked for from a query's texts.</summary>
internal static class JobQueryText
{
    private const string Rule = "must be of";

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
            States = state is null ? null : [.. state.Split(',').Select(name => QueryValues.OneOf<JobState>("state", name, Rule)).Distinct()],
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
            Sort = sort is null ? JobSort.Created : QueryValues.OneOf<JobSort>("sort", sort, Rule),
            // What is asked for without a direction: the newest first, and names from a to z.
            Descending = descending ?? sort is null or "created",
            Offset = offset,
            Limit = limit,
        };
    }

    private static DateTimeOffset? Time(string key, string? value) => value is null ? null
        : DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw Invalid($"{key} must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z; it is '{JobNames.Shown(value)}'.");

    private static JobRequestException Invalid(string message) => new(JobRequestFault.Invalid, message);
}
