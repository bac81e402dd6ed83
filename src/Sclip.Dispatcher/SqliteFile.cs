using Microsoft.Data.Sqlite;

namespace Sclip.Dispatcher;

/// <summary>An SQLite file that holds what can be read anew from the blobs: one that is damaged, of another version or of another origin is made anew.</summary>
/// <param name="path">Its path.</param>
/// <param name="schema">The statements that make its tables.</param>
/// <param name="version">The version of these tables.</param>
/// <param name="origin">What tells whose content it is from any other.</param>
/// <param name="settings">Statements for each connection.</param>
internal abstract class SqliteFile(string path, string schema, int version, string origin, string settings)
{
    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;

    /// <summary>Its path.</summary>
    public string Path => path;

    /// <summary>Whether an error says that the file is not what it should be, so that it must be made anew.</summary>
    public static bool IsDamage(Exception error) =>
        error is InvalidDataException or SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_FORMAT };

    /// <summary>A connection; the same few are handed out again and again, and what was opened before keeps what it needs.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            connection.Execute(settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file fit for use.</summary>
    public void Prepare()
    {
        if (!IsUsable())
            Create();
    }

    /// <summary>Makes the file anew, with nothing in it.</summary>
    public void Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        Delete();
        using var connection = Open();
        // Who asks does not wait for who writes.
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction();
        connection.Execute(schema);
        connection.Execute("CREATE TABLE origin (name TEXT NOT NULL)");
        connection.Execute("INSERT INTO origin VALUES ($name)", ("$name", origin));
        connection.Execute($"PRAGMA user_version = {version}");
        transaction.Commit();
    }

    /// <summary>Lets go of connections that are kept open for later.</summary>
    public void Close()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Deletes the file; who has it open may read on.</summary>
    public void Delete()
    {
        Close();
        foreach (var ending in (string[])["", "-wal", "-shm"])
            File.Delete(path + ending);
    }

    /// <summary>Whether a file of this version and origin is whole, as far as that is worth looking at.</summary>
    protected virtual bool IsWhole(SqliteConnection connection) => true;

    private bool IsUsable()
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var connection = Open();
            return connection.Scalar<long>("PRAGMA user_version") == version && connection.Scalar<string>("SELECT name FROM origin") == origin && IsWhole(connection);
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
