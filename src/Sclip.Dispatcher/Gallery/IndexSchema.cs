namespace Sclip.Dispatcher.Gallery;

/// <summary>The tables of a job's index. All is derived of the job's blobs: a change here counts <see cref="Version"/> up, and old indexes are made anew.</summary>
internal static class IndexSchema
{
    /// <summary>The version of these tables.</summary>
    public const int Version = 3;

    /// <summary>
    /// Every order is an index that begins with the part (<see cref="ImageBin"/>) and, where it is about one, the class, so that the first images of any of
    /// them stand together; numbers of images end each of them.
    /// </summary>
    public const string Tables = """
        CREATE TABLE source (summary TEXT, job_images INTEGER);
        INSERT INTO source DEFAULT VALUES;
        CREATE TABLE shards (shard INTEGER PRIMARY KEY, etag TEXT NOT NULL, draft INTEGER NOT NULL);
        CREATE TABLE blocks (block INTEGER PRIMARY KEY, results BLOB NOT NULL);
        CREATE TABLE images (id INTEGER PRIMARY KEY, bin INTEGER NOT NULL, name TEXT NOT NULL, doubt REAL NOT NULL, confidence REAL NOT NULL, error INTEGER, whole_error INTEGER);
        CREATE INDEX images_shard ON images (bin);
        CREATE INDEX images_error ON images (error, bin) WHERE error IS NOT NULL;
        CREATE INDEX images_whole_error ON images (whole_error, bin) WHERE whole_error IS NOT NULL;
        CREATE TABLE classes (class INTEGER NOT NULL, bin INTEGER NOT NULL, image INTEGER NOT NULL, doubt REAL NOT NULL, share REAL NOT NULL, PRIMARY KEY (class, bin, image)) WITHOUT ROWID;
        CREATE TABLE marks (image INTEGER PRIMARY KEY, review TEXT, corrected TEXT);
        CREATE TABLE mark_sources (shard INTEGER PRIMARY KEY, reviews TEXT, corrections TEXT);
        CREATE TABLE counts (facet INTEGER NOT NULL, value INTEGER NOT NULL, bin INTEGER NOT NULL, images INTEGER NOT NULL, PRIMARY KEY (facet, value, bin)) WITHOUT ROWID;
        """;

    /// <summary>
    /// The orders whose entries come in anywhere among those that are there. Where much is taken in at once they are made afterwards, by sorting: else nearly each
    /// entry would write a page of its own.
    /// </summary>
    public const string Orders = """
        CREATE INDEX IF NOT EXISTS images_doubt ON images (bin, doubt);
        CREATE INDEX IF NOT EXISTS images_confidence ON images (bin, confidence);
        CREATE INDEX IF NOT EXISTS images_name ON images (bin, name);
        CREATE INDEX IF NOT EXISTS classes_doubt ON classes (class, bin, doubt, image);
        CREATE INDEX IF NOT EXISTS classes_share ON classes (class, bin, share, image);
        """;

    /// <summary>Takes those orders away; questions are answered without them, in a time that grows with the job.</summary>
    public const string DropOrders = """
        DROP INDEX IF EXISTS classes_share;
        DROP INDEX IF EXISTS classes_doubt;
        DROP INDEX IF EXISTS images_name;
        DROP INDEX IF EXISTS images_confidence;
        DROP INDEX IF EXISTS images_doubt;
        """;

    /// <summary>Whether those orders are there: 1, else 0.</summary>
    public const string HasOrders = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = 'classes_share'";
}
