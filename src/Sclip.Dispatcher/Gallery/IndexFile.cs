using Microsoft.Data.Sqlite;
using Sclip.Dispatcher.Cache;

namespace Sclip.Dispatcher.Gallery;

/// <summary>The file of a job's index.</summary>
/// <param name="path">Its path.</param>
/// <param name="identity">What tells the job, and the classes that the index counts, from any other.</param>
internal sealed class IndexFile(string path, string identity) : SqliteFile(path, IndexSchema.Tables + IndexSchema.Orders, IndexSchema.Version, identity, Settings)
{
    // A loss of power may take the last rounds away, which are made again; it leaves no half of one.
    private const string Settings = "PRAGMA synchronous = NORMAL";

    /// <summary>A connection with what its use may take.</summary>
    public SqliteConnection Open(IndexUse use)
    {
        var connection = Open();
        connection.DefaultTimeout = use.Seconds;
        connection.Execute($"PRAGMA cache_size = -{use.CacheKilobytes}");
        return connection;
    }

    /// <summary>Frees what a connection holds in memory, before it is kept open for later: there may be many.</summary>
    public static void Shrink(SqliteConnection connection) => connection.Execute("PRAGMA shrink_memory");
}
