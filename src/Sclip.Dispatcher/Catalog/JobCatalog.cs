using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Cache;

namespace Sclip.Dispatcher.Catalog;

/// <summary>All jobs but previews, in a file: what ended jobs have to say stays there, and not in memory.</summary>
/// <param name="file">The file.</param>
internal sealed class JobCatalog(CatalogFile file)
{
    private const string Name = "The list of all jobs";

    private const string Upsert = """
        INSERT INTO jobs (id, text, labels, created, name, state, ended, counted, checked, priority, images, labelled, failed, progress, completed, seconds)
        VALUES ($id, coalesce($text, ''), coalesce($labels, 0), $created, $name, $state, $ended, $counted, $checked, $priority, $images, $labelled, $failed, $progress, $completed, $seconds)
        ON CONFLICT (id) DO UPDATE SET text = coalesce($text, text), labels = coalesce($labels, labels), created = $created, name = $name, state = $state, ended = $ended, counted = $counted,
            checked = $checked, priority = $priority, images = $images, labelled = $labelled, failed = $failed, progress = $progress, completed = $completed, seconds = $seconds
        RETURNING key
        """;

    private readonly Lock _writing = new();
    private long _changes;

    /// <summary>Grows with each change.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Does something with the file.</summary>
    /// <exception cref="CacheException">It cannot be used.</exception>
    public T Use<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = file.Open();
            return work(connection);
        }
        catch (SqliteException error)
        {
            throw file.Unusable(Name, error);
        }
    }

    /// <summary>Begins anew, where the file is damaged or gone.</summary>
    /// <exception cref="CacheException">It cannot be made.</exception>
    public void Renew()
    {
        try
        {
            lock (_writing)
                file.Create();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw file.Unwritable(Name, error);
        }
        Interlocked.Increment(ref _changes);
    }

    /// <summary>Ids of all jobs that are known.</summary>
    public HashSet<string> Ids() => [.. Use(connection => connection.Rows("SELECT id FROM jobs", row => row.GetString(0)))];

    /// <summary>Puts jobs in, over what is known of them.</summary>
    public void Put(IReadOnlyCollection<CatalogRow> rows) => Write(rows, (connection, row) =>
    {
        var (status, labels) = (row.Status, row.Words is { } words ? LabelSet(connection, words.Labels) : (long?)null);
        var key = connection.Scalar<long>(
            Upsert, ("$id", status.Id), ("$text", row.Words?.Text), ("$labels", labels), ("$created", status.Created.UtcTicks), ("$name", JobWords.Folded(status.Name ?? status.Id)),
            ("$state", (int)status.State), ("$ended", status.State.HasEnded()), ("$counted", row.IsCounted), ("$checked", DateTime.UtcNow.Ticks), ("$priority", row.Job.Priority),
            ("$images", status.Images), ("$labelled", status.Labelled), ("$failed", status.Failed), ("$progress", row.Share), ("$completed", status.Completed?.UtcTicks), ("$seconds", status.WorkerSeconds));
        connection.Execute("INSERT OR REPLACE INTO documents VALUES ($key, $json)", ("$key", key), ("$json", JsonSerializer.SerializeToUtf8Bytes(row.Job, Json.Default.JobProgress)));
        connection.Execute("DELETE FROM failures WHERE key = $key", ("$key", key));
        foreach (var (reason, images) in status.Failures)
            connection.Execute("INSERT INTO failures VALUES ($key, $reason, $images)", ("$key", key), ("$reason", reason), ("$images", images));
    });

    /// <summary>Takes jobs out.</summary>
    public void Remove(IReadOnlyCollection<string> ids) => Write(ids, (connection, id) =>
    {
        foreach (var table in (string[])["documents", "failures"])
            connection.Execute($"DELETE FROM {table} WHERE key = (SELECT key FROM jobs WHERE id = $id)", ("$id", id));
        connection.Execute("DELETE FROM jobs WHERE id = $id", ("$id", id));
    });

    /// <summary>Notes that ended jobs still stand as they are known.</summary>
    public void Check(IReadOnlyCollection<string> ids) => Write(ids, (connection, id) =>
        connection.Execute("UPDATE jobs SET checked = $now WHERE id = $id", ("$now", DateTime.UtcNow.Ticks), ("$id", id)), isChange: false);

    /// <summary>All ended jobs, as they are known.</summary>
    public IReadOnlyList<KnownJob> Ended() => Known("SELECT id, state, completed FROM jobs WHERE ended");

    /// <summary>The ended jobs whose blobs were read the longest ago: some of the newest, and as many of all.</summary>
    /// <param name="newest">How many are the newest.</param>
    /// <param name="most">How many are wanted of these, and of all.</param>
    public IReadOnlyList<KnownJob> Unchecked(int newest, int most) =>
    [
        .. Known("SELECT id, state, completed FROM (SELECT * FROM jobs WHERE ended ORDER BY created DESC LIMIT $newest) ORDER BY checked LIMIT $most", ("$newest", newest), ("$most", most))
            .Union(Known("SELECT id, state, completed FROM jobs WHERE ended ORDER BY checked LIMIT $most", ("$most", most))),
    ];

    /// <summary>Some ended jobs whose results are not counted.</summary>
    public IReadOnlyList<string> Uncounted(int most) =>
        Use(connection => connection.Rows("SELECT id FROM jobs WHERE ended AND NOT counted ORDER BY created DESC LIMIT $most", row => row.GetString(0), ("$most", most)));

    /// <summary>The newest of the jobs that have ended, newest first.</summary>
    public IReadOnlyList<JobProgress> NewestEnded(int most) => Use(connection =>
    {
        using var newest = connection.Command("SELECT key FROM jobs WHERE ended ORDER BY created DESC, id LIMIT $most", ("$most", most));
        return Documents(connection, newest);
    });

    /// <summary>A page of the jobs that a question admits, and how many these are.</summary>
    public (IReadOnlyList<JobProgress> Jobs, int Total) Find(JobQuery query) => Use(connection =>
    {
        using var page = query.Page(connection);
        using var count = query.Count(connection);
        return (Documents(connection, page), (int)(long)count.ExecuteScalar()!);
    });

    private List<KnownJob> Known(string sql, params (string Name, object? Value)[] parameters) => Use(connection => connection.Rows(
        sql, row => new KnownJob(row.GetString(0), (JobState)row.GetInt32(1), row.IsDBNull(2) ? null : new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero)), parameters));

    /// <summary>The documents of the keys that a command selects, in its order: those that are not wanted are not touched by its sorting.</summary>
    private static List<JobProgress> Documents(SqliteConnection connection, SqliteCommand keys)
    {
        using var document = connection.Command("SELECT json FROM documents WHERE key = $key", ("$key", 0L));
        var jobs = new List<JobProgress>();
        using var reader = keys.ExecuteReader();
        while (reader.Read())
        {
            document.Parameters[0].Value = reader.GetInt64(0);
            jobs.Add(JsonSerializer.Deserialize((byte[])document.ExecuteScalar()!, Json.Default.JobProgress)!);
        }
        return jobs;
    }

    private static long LabelSet(SqliteConnection connection, string text)
    {
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        connection.Execute("INSERT OR IGNORE INTO label_sets (digest, text) VALUES ($digest, $text)", ("$digest", digest), ("$text", text));
        return connection.Scalar<long>("SELECT key FROM label_sets WHERE digest = $digest", ("$digest", digest));
    }

    private void Write<T>(IReadOnlyCollection<T> items, Action<SqliteConnection, T> write, bool isChange = true)
    {
        if (items.Count == 0)
            return;
        lock (_writing)
            Use(connection =>
            {
                using var transaction = connection.BeginTransaction();
                foreach (var item in items)
                    write(connection, item);
                transaction.Commit();
                return items.Count;
            });
        if (isChange)
            Interlocked.Increment(ref _changes);
    }
}
