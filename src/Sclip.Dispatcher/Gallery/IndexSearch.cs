using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Sclip.Contracts;
using Sclip.Dispatcher.Cache;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Answers questions from an index, as it is at one moment.</summary>
/// <param name="connection">The index.</param>
/// <param name="classes">Places of the classes in the job's labels, by their names.</param>
internal sealed partial class IndexSearch(SqliteConnection connection, IReadOnlyDictionary<string, int> classes)
{
    private bool _hasOrders;

    /// <summary>The images of a page; null where the image whose page is asked for is not among those of the question.</summary>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public ImagePage? Find(GalleryQuery query, CancellationToken cancellationToken)
    {
        // One moment for all that is read.
        using var moment = connection.BeginTransaction(deferred: true);
        _hasOrders = connection.Scalar<long>(IndexSchema.HasOrders) == 1;
        var all = Counts(IndexFacet.All, 0);
        var facet = query.Error is { } error ? Counts(IndexFacet.Error, ErrorDigest.Of(error)) : query.Class is { } name ? Counts(IndexFacet.Class, classes[name]) : all;
        var isWhole = query.Error is not null && facet.Count == 0;
        var bins = all.Keys.Where(bin => ImageBin.IsAsked(bin, query)).ToArray();
        var asked = new Question(query, isWhole, bins, Parameters(query));
        var isCounted = query.Search is null && !isWhole && (query.Class is null || query.Error is null);
        var total = isCounted ? bins.Sum(bin => facet.GetValueOrDefault(bin)) : CountAll(asked, cancellationToken);
        // Of M images among N, going along the order meets as many as are wanted after N / M each.
        var isFrequent = (double)total * total > (double)bins.Sum(bin => all[bin]) * (query.Offset + query.Limit);
        var path = IndexPath.Of(query, isWhole, isFrequent);
        var offset = query.At is { } at ? PlaceOf(at, bins, asked, path, cancellationToken) / query.Limit * query.Limit
            : query.From is { } from ? PlaceOf(from, [.. all.Keys], asked, path, cancellationToken) : query.Offset;
        return offset is { } first
            ? new ImagePage
            {
                Images = total > first ? Read(First(asked, path, first)) : [],
                Offset = first,
                Total = total,
                Indexed = all.Values.Sum(),
                JobImages = connection.Scalar<long?>("SELECT job_images FROM source"),
                Complete = false,
            }
            : null;
    }

    private Dictionary<int, long> Counts(IndexFacet facet, long value) => connection
        .Rows("SELECT bin, images FROM counts WHERE facet = $facet AND value = $value", row => (Bin: row.GetInt32(0), Images: row.GetInt64(1)), ("$facet", (int)facet), ("$value", value))
        .ToDictionary(row => row.Bin, row => row.Images);

    private long CountAll(Question asked, CancellationToken cancellationToken) => Sum(asked, IndexPath.Of(asked.Query, asked.IsWhole, isFrequent: false).Count, [], cancellationToken);

    private long Sum(Question asked, Func<int, string> count, (string, object?)[] more, CancellationToken cancellationToken)
    {
        var sum = 0L;
        foreach (var bin in asked.Bins)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += connection.Scalar<long>(Possible(count(bin)), [.. asked.Parameters, .. more]);
        }
        return sum;
    }

    /// <summary>The numbers of a page's images: each part gives its first ones, and those are merged.</summary>
    private List<long> First(Question asked, IndexPath path, long offset) => connection.Rows(
        Possible($"SELECT id FROM ({string.Join(" UNION ALL ", asked.Bins.Select(bin => $"SELECT * FROM ({path.First(bin)})"))}) ORDER BY key, id LIMIT $limit OFFSET $offset"),
        row => row.GetInt64(0),
        [.. asked.Parameters, ("$end", offset + asked.Query.Limit), ("$limit", asked.Query.Limit), ("$offset", offset)]);

    /// <summary>How many images of the question come before one of these parts; null where it is in none of them, or does not match.</summary>
    private long? PlaceOf(string name, int[] bins, Question asked, IndexPath path, CancellationToken cancellationToken)
    {
        foreach (var bin in bins)
            foreach (var id in connection.Rows(Possible("SELECT id FROM images INDEXED BY images_name WHERE bin = $bin AND name = $name"), row => row.GetInt64(0), ("$bin", bin), ("$name", name)))
                // By the number first: going along the order would look at all.
                if (KeyOf(id, bin, asked) is { } key)
                    return Sum(asked, path.CountBefore, [("$id", id), ("$key", key)], cancellationToken);
        return null;
    }

    /// <summary>An image's key in the order; null where it does not match.</summary>
    private object? KeyOf(long id, int bin, Question asked)
    {
        var path = IndexPath.Of(asked.Query, asked.IsWhole, isFrequent: false);
        var from = path.From.StartsWith("images", StringComparison.Ordinal) ? "images" : "classes CROSS JOIN images ON images.id = classes.image";
        return connection.Scalar<object>(Possible($"SELECT {path.Key ?? "0"} FROM {from} WHERE {path.Table}.bin = {bin}{path.Where} AND {path.Id} = $id"), [.. asked.Parameters, ("$id", id)]);
    }

    private JobImage[] Read(List<long> ids)
    {
        var blocks = new Dictionary<long, string[]>();
        foreach (var block in ids.Select(ImageId.Block).Distinct())
            blocks[block] = connection.Scalar<byte[]>("SELECT results FROM blocks WHERE block = $block", ("$block", block)) is { } packed ? ImageBlock.Unpack(packed) : throw new InvalidDataException("The index of a job's images lacks some.");
        // Numbers only, and of this index itself.
        var marks = connection.Rows($"SELECT image, review, corrected FROM marks WHERE image IN ({string.Join(',', ids)})", row => (Image: row.GetInt64(0), Review: Text(row, 1), Corrected: Text(row, 2))).ToDictionary(row => row.Image);
        return [.. ids.Select(id =>
        {
            var (_, review, corrected) = marks.GetValueOrDefault(id);
            return new JobImage(ImageBlock.Read(blocks[ImageId.Block(id)], ImageId.LineInBlock(id)), ImageId.Shard(id))
            {
                Review = review is null ? null : JsonSerializer.Deserialize(review, Json.Default.ReviewEntry),
                Corrected = corrected,
            };
        })];
    }

    /// <summary>A statement as it can be run while the orders are still to be made: by sorting.</summary>
    private string Possible(string statement) => _hasOrders ? statement : ChosenIndex().Replace(statement, "");

    [GeneratedRegex(@" INDEXED BY \w+")]
    private static partial Regex ChosenIndex();

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private (string, object?)[] Parameters(GalleryQuery query) =>
    [
        ("$class", query.Class is { } name ? classes[name] : null),
        ("$error", query.Error is { } error ? ErrorDigest.Of(error) : null),
        ("$search", query.Search is { } search ? string.Concat(search.Select(letter => char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : letter)) : null),
    ];

    private sealed record Question(GalleryQuery Query, bool IsWhole, IReadOnlyList<int> Bins, (string, object?)[] Parameters);
}
