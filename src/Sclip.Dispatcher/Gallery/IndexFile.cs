namespace Sclip.Dispatcher.Gallery;

/// <summary>The file of a job's index.</summary>
/// <param name="path">Its path.</param>
/// <param name="identity">What tells the job, and the classes that the index counts, from any other.</param>
internal sealed class IndexFile(string path, string identity) : SqliteFile(path, IndexSchema.Tables + IndexSchema.Orders, IndexSchema.Version, identity, Settings)
{
    // A loss of power may take the last rounds away, which are made again; it leaves no half of one. The cache is 32 MB.
    private const string Settings = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768";
}
