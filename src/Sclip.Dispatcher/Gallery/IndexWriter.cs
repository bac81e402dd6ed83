using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sclip.Contracts;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Cache;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Changes of an index, all or none of which are kept.</summary>
internal sealed class IndexWriter : IDisposable
{
    private readonly IReadOnlyDictionary<string, int> _classes;
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly SqliteCommand _addImage, _addClass, _removeImage, _removeClass, _addBlock, _addMark, _findBin;
    private readonly Dictionary<(IndexFacet Facet, long Value, int Bin), long> _counts = [];

    /// <param name="file">The index.</param>
    /// <param name="classes">Places of the classes in the job's labels, by their names.</param>
    /// <param name="use">What it may take.</param>
    public IndexWriter(IndexFile file, IReadOnlyDictionary<string, int> classes, IndexUse use)
    {
        _classes = classes;
        _connection = file.Open(use);
        try
        {
            // The write lock at once: what is read below is what is changed.
            _transaction = _connection.BeginTransaction(deferred: false);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
        _addImage = _connection.Prepare("INSERT INTO images VALUES ($id, $bin, $name, $doubt, $confidence, $error, $whole)", "$id", "$bin", "$name", "$doubt", "$confidence", "$error", "$whole");
        _addClass = _connection.Prepare("INSERT INTO classes VALUES ($class, $bin, $image, $doubt, $share)", "$class", "$bin", "$image", "$doubt", "$share");
        _removeImage = _connection.Prepare("DELETE FROM images WHERE id = $id", "$id");
        _removeClass = _connection.Prepare("DELETE FROM classes WHERE class = $class AND bin = $bin AND image = $image", "$class", "$bin", "$image");
        _addBlock = _connection.Prepare("INSERT INTO blocks VALUES ($block, $results)", "$block", "$results");
        _addMark = _connection.Prepare("INSERT INTO marks VALUES ($image, $review, $corrected)", "$image", "$review", "$corrected");
        _findBin = _connection.Prepare("SELECT bin FROM images WHERE id = $id", "$id");
    }

    /// <summary>Takes a shard's results in, in place of what is there of it, marks among that.</summary>
    public void SetShard(int shard, bool isDraft, string etag, IReadOnlyList<ImageResult> results)
    {
        RemoveShard(shard);
        _connection.Execute("INSERT INTO shards VALUES ($shard, $etag, $draft)", ("$shard", shard), ("$etag", etag), ("$draft", isDraft));
        var first = ImageId.Of(shard, 0);
        foreach (var (i, block) in results.Chunk(ImageId.BlockSize).Index())
            _addBlock.Run(ImageId.Block(first) + i, ImageBlock.Pack(block));
        foreach (var (line, result) in results.Index())
            Add(first + line, ImageBin.Of(result.Status, ReviewDecision.None, isCorrected: false), result);
    }

    /// <summary>Takes a shard out.</summary>
    public void RemoveShard(int shard)
    {
        RemoveMarks(shard);
        if (_connection.Scalar<long>("DELETE FROM shards WHERE shard = $shard RETURNING 1", ("$shard", shard)) == 0)
            return;
        foreach (var (id, result) in Results(shard))
            Remove(id, result);
        var (first, behind) = (ImageId.Of(shard, 0), ImageId.Of(shard + 1, 0));
        _connection.Execute("DELETE FROM blocks WHERE block >= $first AND block < $behind", ("$first", ImageId.Block(first)), ("$behind", ImageId.Block(behind)));
    }

    /// <summary>Takes in what people made of a shard's images, in place of what is there of that.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="tags">The versions of the two documents; null where there is none, or it is not known.</param>
    /// <param name="reviews">The decisions, by the names of the images.</param>
    /// <param name="corrections">The corrections, by the names of the images.</param>
    public void SetMarks(int shard, MarkTags tags, IReadOnlyDictionary<string, ReviewEntry> reviews, IReadOnlyDictionary<string, Correction> corrections)
    {
        var marked = RemoveMarks(shard);
        _connection.Execute("INSERT INTO mark_sources VALUES ($shard, $reviews, $corrections)", ("$shard", shard), ("$reviews", tags.Reviews), ("$corrections", tags.Corrections));
        foreach (var (id, result) in Results(shard))
        {
            var correction = corrections.GetValueOrDefault(result.Image)?.Against(result).IfCounts;
            var (review, corrected) = (reviews.GetValueOrDefault(result.Image)?.Against(result, correction), correction?.Mask);
            var isMarked = review is not null || corrected is not null;
            if (!isMarked && !marked.Contains(id))
                continue;
            var bin = ImageBin.Of(result.Status, review?.Current ?? ReviewDecision.None, corrected is not null);
            if (BinOf(id) != bin)
            {
                Remove(id, result);
                Add(id, bin, result);
            }
            if (isMarked)
                _addMark.Run(id, review is null ? null : JsonSerializer.Serialize(review, Json.Default.ReviewEntry), corrected);
        }
    }

    /// <summary>Notes that all results were taken in that the job had when its summary had a tag; null while it has none.</summary>
    public void SetSource(string? summary, long? jobImages) => _connection.Execute("UPDATE source SET summary = $summary, job_images = $images", ("$summary", summary), ("$images", jobImages));

    /// <summary>Keeps the changes.</summary>
    public void Commit()
    {
        using var count = _connection.Prepare(
            "INSERT INTO counts VALUES ($facet, $value, $bin, $images) ON CONFLICT DO UPDATE SET images = images + excluded.images", "$facet", "$value", "$bin", "$images");
        foreach (var ((facet, value, bin), images) in _counts)
            if (images != 0)
                count.Run((int)facet, value, bin, images);
        _connection.Execute("DELETE FROM counts WHERE images = 0");
        _transaction.Commit();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_addImage, _addClass, _removeImage, _removeClass, _addBlock, _addMark, _findBin])
            command.Dispose();
        _transaction.Dispose();
        IndexFile.Shrink(_connection);
        _connection.Dispose();
    }

    private List<(long Id, ImageResult Result)> Results(int shard) =>
    [
        .. _connection
            .Rows(
                "SELECT block, results FROM blocks WHERE block >= $first AND block < $behind",
                row => (Block: row.GetInt64(0), Lines: ImageBlock.Unpack(row.GetFieldValue<byte[]>(1))),
                ("$first", ImageId.Block(ImageId.Of(shard, 0))), ("$behind", ImageId.Block(ImageId.Of(shard + 1, 0))))
            .SelectMany(block => block.Lines.Select((_, line) => (block.Block * ImageId.BlockSize + line, ImageBlock.Read(block.Lines, line)))),
    ];

    /// <summary>Takes the marks of a shard's images out.</summary>
    /// <returns>The images that had one; they stay in the parts that say so.</returns>
    private HashSet<long> RemoveMarks(int shard)
    {
        _connection.Execute("DELETE FROM mark_sources WHERE shard = $shard", ("$shard", shard));
        return [.. _connection.Rows("DELETE FROM marks WHERE image >= $first AND image < $behind RETURNING image", row => row.GetInt64(0), ("$first", ImageId.Of(shard, 0)), ("$behind", ImageId.Of(shard + 1, 0)))];
    }

    private int BinOf(long id)
    {
        _findBin.Parameters[0].Value = id;
        return _findBin.ExecuteScalar() is long bin ? (int)bin : throw new InvalidDataException("The index of a job's images lacks one whose result it has.");
    }

    private void Add(long id, int bin, ImageResult result)
    {
        var (error, whole) = Errors(result);
        _addImage.Run(id, bin, result.Image, ImageKeys.Doubt(result, null), ImageKeys.Confidence(result), error, whole);
        foreach (var (name, place) in Classes(result))
            _addClass.Run(place, bin, id, ImageKeys.Doubt(result, name), ImageKeys.Share(result, name));
        Count(bin, result, error, 1);
    }

    private void Remove(long id, ImageResult result)
    {
        var bin = BinOf(id);
        _removeImage.Run(id);
        foreach (var (_, place) in Classes(result))
            _removeClass.Run(place, bin, id);
        Count(bin, result, Errors(result).Counted, -1);
    }

    private void Count(int bin, ImageResult result, long? error, int change)
    {
        Change(IndexFacet.All, 0);
        foreach (var (_, place) in Classes(result))
            Change(IndexFacet.Class, place);
        if (error is { } digest)
            Change(IndexFacet.Error, digest);

        void Change(IndexFacet facet, long value) => _counts[(facet, value, bin)] = _counts.GetValueOrDefault((facet, value, bin)) + change;
    }

    private IEnumerable<(string Name, int Place)> Classes(ImageResult result)
    {
        foreach (var (name, pixels) in result.Pixels ?? new Dictionary<string, long>())
            if (pixels > 0 && _classes.TryGetValue(name, out var place))
                yield return (name, place);
    }

    /// <summary>The words of a failure as they are counted, and where they stand otherwise in the result those, too.</summary>
    private static (long? Counted, long? Whole) Errors(ImageResult result) => result is { Status: ImageStatus.Failed, Error: { } whole, CountedError: { } counted }
        ? (ErrorDigest.Of(counted), whole == counted ? null : ErrorDigest.Of(whole))
        : default;
}
