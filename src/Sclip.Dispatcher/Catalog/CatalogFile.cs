using Microsoft.Data.Sqlite;

namespace Sclip.Dispatcher.Catalog;

/// <summary>The file of the catalogue: one of another store or version, or a damaged one, is made anew.</summary>
internal sealed class CatalogFile : IDisposable
{
    private const int Version = 1;

    private static readonly string Schema = $"""
        CREATE TABLE origin (store TEXT NOT NULL);
        CREATE TABLE label_sets (key INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
        CREATE TABLE jobs (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, labels INTEGER NOT NULL, created INTEGER NOT NULL, name TEXT NOT NULL, state INTEGER NOT NULL,
            ended INTEGER NOT NULL, counted INTEGER NOT NULL, checked INTEGER NOT NULL, priority INTEGER NOT NULL, images INTEGER, labelled INTEGER NOT NULL, failed INTEGER NOT NULL,
            progress REAL NOT NULL, completed INTEGER, seconds REAL);
        CREATE TABLE documents (key INTEGER PRIMARY KEY, json BLOB NOT NULL);
        CREATE TABLE failures (key INTEGER NOT NULL, reason TEXT NOT NULL, images INTEGER NOT NULL, PRIMARY KEY (key, reason)) WITHOUT ROWID;
        CREATE INDEX jobs_of_labels ON jobs (labels);
        PRAGMA user_version = {Version};
        """;

    private readonly string _path;
    private readonly string _connection;
    private readonly string _store;

    /// <summary>Opens or makes the file.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="store">What tells the store of the jobs from others.</param>
    public CatalogFile(string folder, string store)
    {
        Directory.CreateDirectory(folder);
        (_path, _store) = (Path.Combine(folder, "jobs.sqlite"), store);
        _connection = new SqliteConnectionStringBuilder { DataSource = _path }.ConnectionString;
        if (!IsUsable())
            Renew();
    }

    /// <summary>A connection; the same few are handed out again and again.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }

    /// <summary>Makes an empty file in place of the one that is there.</summary>
    public void Renew()
    {
        Dispose();
        foreach (var ending in (string[])["", "-wal", "-shm"])
            File.Delete(_path + ending);
        using var connection = Open();
        // Who asks does not wait for who writes.
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute(Schema);
        connection.Execute("INSERT INTO origin VALUES ($store)", ("$store", _store));
    }

    /// <summary>Closes what is open of it.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    private bool IsUsable()
    {
        if (!File.Exists(_path))
            return false;
        try
        {
            using var connection = Open();
            return connection.Scalar<long>("PRAGMA user_version") == Version
                && connection.Scalar<string>("SELECT store FROM origin") == _store
                && connection.Scalar<string>("PRAGMA quick_check(1)") == "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
