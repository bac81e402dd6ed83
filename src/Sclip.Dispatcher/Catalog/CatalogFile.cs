using Microsoft.Data.Sqlite;
using Sclip.Dispatcher.Cache;

namespace Sclip.Dispatcher.Catalog;

/// <summary>The file of the catalogue.</summary>
internal sealed class CatalogFile : SqliteFile, IDisposable
{
    private const int Version = 2;

    private const string Schema = """
        CREATE TABLE label_sets (key INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
        CREATE TABLE jobs (
            key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, labels INTEGER NOT NULL, created INTEGER NOT NULL, name TEXT NOT NULL, state INTEGER NOT NULL,
            ended INTEGER NOT NULL, counted INTEGER NOT NULL, checked INTEGER NOT NULL, priority INTEGER NOT NULL, images INTEGER, labelled INTEGER NOT NULL, failed INTEGER NOT NULL,
            progress REAL NOT NULL, completed INTEGER, seconds REAL);
        CREATE TABLE documents (key INTEGER PRIMARY KEY, json BLOB NOT NULL);
        CREATE TABLE failures (key INTEGER NOT NULL, reason TEXT NOT NULL, images INTEGER NOT NULL, PRIMARY KEY (key, reason)) WITHOUT ROWID;
        CREATE INDEX jobs_of_labels ON jobs (labels);
        """;

    // What a loss of power leaves is told by its state and made anew: nothing waits for the disk.
    private const string Settings = "PRAGMA synchronous = OFF";

    /// <summary>Opens or makes the file.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="store">What tells the store of the jobs from others.</param>
    public CatalogFile(string folder, string store)
        : base(System.IO.Path.Combine(folder, "jobs.sqlite"), Schema, Version, store, Settings)
    {
        try
        {
            Prepare();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            // Whoever asks is told; it is made as soon as it can be.
        }
    }

    /// <inheritdoc />
    public void Dispose() => Close();

    /// <inheritdoc />
    protected override bool IsWhole(SqliteConnection connection) => connection.Scalar<string>("PRAGMA quick_check(1)") == "ok";
}
