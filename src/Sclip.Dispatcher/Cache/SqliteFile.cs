using Microsoft.Data.Sqlite;

namespace Sclip.Dispatcher.Cache;

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

    /// <summary>Whether an error says that the file is damaged or gone, so that it must be made anew. A full disk, or one that may not be written, is no damage.</summary>
    public bool IsLost(Exception error) => error switch
    {
        InvalidDataException => true,
        // What lacks its tables was deleted, and made empty by the next who opened it.
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_FORMAT } => true,
        SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_READONLY_DBMOVED } => true,
        SqliteException => !File.Exists(path),
        _ => false,
    };

    /// <summary>What to say where the file cannot be used.</summary>
    /// <param name="what">What the file is, as a sentence begins with it.</param>
    /// <param name="error">What went wrong.</param>
    public CacheException Unusable(string what, Exception error) => IsLost(error)
        ? new($"{what}, {path}, was damaged or deleted, and is being made anew; ask again in a while.", isLost: true, error)
        : Unwritable(what, error);

    /// <summary>What to say where the file cannot be made.</summary>
    /// <param name="what">What the file is, as a sentence begins with it.</param>
    /// <param name="error">What went wrong.</param>
    public CacheException Unwritable(string what, Exception error) =>
        new($"{what}, {path}, cannot be used: {error.Message.TrimEnd('.')}. Look whether its folder may be written and its disk has room; the file itself may be deleted.", isLost: false, error);

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
        catch (SqliteException error) when (IsLost(error))
        {
            return false;
        }
    }
}
