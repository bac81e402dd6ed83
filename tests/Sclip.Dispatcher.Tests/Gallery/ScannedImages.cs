using Sclip.Contracts;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Gallery;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Tests.Gallery;

/// <summary>Answers questions by a look at every image: what an index must answer, too.</summary>
internal sealed class ScannedImages(IEnumerable<(int Shard, ImageResult[] Results)> shards, Func<string, (ReviewDecision Decision, bool IsCorrected)> marks)
{
    private readonly (int Shard, int Line, ImageResult Result)[] _images =
        [.. shards.OrderBy(shard => shard.Shard).SelectMany(shard => shard.Results.Select((result, line) => (shard.Shard, line, result)))];

    /// <summary>The names of all images of a question, in order.</summary>
    public string[] Names(GalleryQuery query)
    {
        var matching = _images.Where(image => Admits(query, image.Result)).ToArray();
        if (query.Order == ImageOrder.Name)
            return [.. matching.Select(image => image.Result.Image).OrderBy(name => name, Comparer<string>.Create((a, b) => Utf8(a).AsSpan().SequenceCompareTo(Utf8(b))))];
        // Sorting keeps the order of those that are equal.
        return [.. matching.OrderBy(image => Key(query, image.Result)).Select(image => image.Result.Image)];
    }

    private bool Admits(GalleryQuery query, ImageResult image) =>
        (query.Status is null || image.Status == query.Status)
        && (query.Error is null || image.CountedError == query.Error || image.Error == query.Error)
        && (query.Class is null || image.Pixels?.GetValueOrDefault(query.Class) > 0)
        && (query.Search is null || Fold(image.Image).Contains(Fold(query.Search), StringComparison.Ordinal))
        && query.Review switch
        {
            null => true,
            ReviewFilter.Open => marks(image.Image).Decision == ReviewDecision.None,
            ReviewFilter.Reviewed => marks(image.Image).Decision != ReviewDecision.None,
            ReviewFilter.Corrected => marks(image.Image).IsCorrected,
            _ => $"{marks(image.Image).Decision}" == $"{query.Review}",
        };

    private static double Key(GalleryQuery query, ImageResult image) => query.Order switch
    {
        ImageOrder.Doubt => ImageKeys.Doubt(image, query.Class),
        ImageOrder.Confidence => ImageKeys.Confidence(image),
        ImageOrder.Share => ImageKeys.Share(image, query.Class!),
        _ => 0,
    };

    private static string Fold(string text) => string.Concat(text.Select(letter => letter is >= 'A' and <= 'Z' ? (char)(letter | 0x20) : letter));

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
