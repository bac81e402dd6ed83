using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>How images of one part are gone through: which rows, under which conditions, in which order.</summary>
/// <param name="From">Tables and the index of them that gives the order, or the fewest rows.</param>
/// <param name="Table">The table whose part and number count.</param>
/// <param name="Where">Conditions beside the part, each with AND before it.</param>
/// <param name="Key">What comes first in the order; null where the number alone does.</param>
internal sealed record IndexPath(string From, string Table, string Where, string? Key)
{
    private const string Named = " AND instr(lower(images.name), $search) > 0";
    private const string OfClass = " AND class = $class";
    private const string HasClass = " AND EXISTS (SELECT 1 FROM classes WHERE class = $class AND classes.bin = images.bin AND image = images.id)";
    private const string Joined = "classes CROSS JOIN images ON images.id = classes.image";

    /// <summary>The column of the number.</summary>
    public string Id => Table == "classes" ? "classes.image" : "images.id";

    /// <summary>The order.</summary>
    public string Order => Key is null ? Id : $"{Key}, {Id}";

    /// <summary>What is selected: number and key.</summary>
    public string Columns => $"{Id} AS id, {Key ?? "0"} AS key";

    /// <summary>The path to the images of a question.</summary>
    /// <param name="query">The question.</param>
    /// <param name="isWhole">Whether the words of its failure are those of the result, not those that are counted.</param>
    /// <param name="isFrequent">Whether so many images match that going along the order comes to enough of them soon; else all that match are sorted.</param>
    public static IndexPath Of(GalleryQuery query, bool isWhole, bool isFrequent)
    {
        var named = query.Search is null ? "" : Named;
        var order = query.Order.ToString().ToLowerInvariant();
        var key = query.Order == ImageOrder.Shard ? null : $"images.{order}";
        if (query.Error is not null)
        {
            var error = isWhole ? "whole_error" : "error";
            // Those that failed have no keys but their names.
            return new IndexPath($"images INDEXED BY images_{(query.Order == ImageOrder.Name && isFrequent ? "name" : error)}", "images", $" AND {error} = $error{(query.Class is null ? "" : HasClass)}{named}", query.Order == ImageOrder.Name ? key : null);
        }
        if (query.Class is null)
            return new IndexPath($"images INDEXED BY images_{(query.Search is null || isFrequent ? order : "name")}", "images", named, key);
        if (query.Order is ImageOrder.Confidence or ImageOrder.Name)
            return isFrequent
                ? new IndexPath($"images INDEXED BY images_{order}", "images", HasClass + named, key)
                : new IndexPath(Joined, "classes", OfClass + named, key);
        var index = query.Order == ImageOrder.Shard ? "" : $" INDEXED BY classes_{order}";
        return new IndexPath(query.Search is null ? $"classes{index}" : Joined.Replace("classes CROSS", $"classes{index} CROSS", StringComparison.Ordinal), "classes", OfClass + named, key is null ? null : $"classes.{order}");
    }

    /// <summary>The first images of a part, in order.</summary>
    public string First(int bin) => $"SELECT {Columns} FROM {From} WHERE {Table}.bin = {bin}{Where} ORDER BY {Order} LIMIT $end";

    /// <summary>How many images of a part there are.</summary>
    public string Count(int bin) => $"SELECT count(*) FROM {From} WHERE {Table}.bin = {bin}{Where}";

    /// <summary>How many images of a part come before the one with a number and key.</summary>
    public string CountBefore(int bin) => $"{Count(bin)} AND {(Key is null ? $"{Id} < $id" : $"({Key}, {Id}) < ($key, $id)")}";
}
