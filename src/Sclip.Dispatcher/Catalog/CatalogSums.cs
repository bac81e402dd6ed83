using Microsoft.Data.Sqlite;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;

namespace Sclip.Dispatcher.Catalog;

/// <summary>Sums over all jobs of a catalogue.</summary>
internal sealed record CatalogSums
{
    private const int MostReasons = 50;

    public required IReadOnlyDictionary<JobState, int> States { get; init; }

    public required long Images { get; init; }

    public required long Labelled { get; init; }

    public required long Failed { get; init; }

    public required long Left { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Jobs with results whose seconds are not known.</summary>
    public required int Untimed { get; init; }

    /// <summary>Why images failed, the most first.</summary>
    public required IReadOnlyList<FailureSum> Failures { get; init; }

    /// <summary>Ended jobs whose results are not counted.</summary>
    public required int Uncounted { get; init; }

    public static CatalogSums Of(JobCatalog catalog) => catalog.Use(Of);

    private static CatalogSums Of(SqliteConnection connection)
    {
        var rows = connection.Rows(
            """
            SELECT state, COUNT(*), TOTAL(images), TOTAL(labelled), TOTAL(failed), TOTAL(CASE WHEN ended THEN 0 ELSE max(0, coalesce(images, labelled + failed) - labelled - failed) END),
                TOTAL(seconds), TOTAL(seconds IS NULL AND labelled + failed > 0), TOTAL(ended AND NOT counted)
            FROM jobs GROUP BY state
            """,
            row => (State: (JobState)row.GetInt32(0), Jobs: row.GetInt32(1), Sums: Enumerable.Range(2, 7).Select(row.GetDouble).ToArray()));
        double Sum(int place) => rows.Sum(row => row.Sums[place]);
        return new CatalogSums
        {
            States = rows.ToDictionary(row => row.State, row => row.Jobs),
            Images = (long)Sum(0),
            Labelled = (long)Sum(1),
            Failed = (long)Sum(2),
            Left = (long)Sum(3),
            Seconds = Sum(4),
            Untimed = (int)Sum(5),
            Uncounted = (int)Sum(6),
            Failures = connection.Rows(
                "SELECT reason, SUM(images), COUNT(*) FROM failures GROUP BY reason ORDER BY 2 DESC, reason LIMIT $most", row => new FailureSum(row.GetString(0), row.GetInt64(1), row.GetInt32(2)), ("$most", MostReasons)),
        };
    }
}
