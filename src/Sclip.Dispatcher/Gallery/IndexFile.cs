using Microsoft.Data.Sqlite;

namespace Sclip.Dispatcher.Gallery;

/// <summary>The file of a job's index.</summary>
/// <param name="path">Its path.</param>
/// <param name="identity">What tells the job, and the classes that the index counts, from any other.</param>
internal sealed class IndexFile(string path, string identity)
{
    private const int MemoryKilobytes = 32 << 10;
    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = path }.ToString();

    /// <summary>Its path.</summary>
    public string Path => path;

    /// <summary>Opens a connection; what was opened before keeps what it needs.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            // A loss of power may take the last rounds away, which are made again; it leaves no half of one.
            connection.Execute($"PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{MemoryKilobytes}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes the file fit for use: one that is damaged, of another version or of another job is made anew.</summary>
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
        connection.Execute("PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction();
        connection.Execute(IndexSchema.Tables + IndexSchema.Orders);
        connection.Execute("INSERT INTO source (job) VALUES ($job)", ("$job", identity));
        connection.Execute($"PRAGMA user_version = {IndexSchema.Version}");
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
        foreach (var end in (string[])["", "-wal", "-shm"])
            File.Delete(path + end);
    }

    /// <summary>Whether an error says that the file is not what it should be, so that it must be made anew.</summary>
    public static bool IsDamage(Exception error) =>
        error is InvalidDataException or SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_FORMAT };

    private bool IsUsable()
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var connection = Open();
            return connection.Scalar<long>("PRAGMA user_version") == IndexSchema.Version && connection.Scalar<string>("SELECT job FROM source") == identity;
        }
        catch (SqliteException error) when (IsDamage(error))
        {
            return false;
        }
    }
}
