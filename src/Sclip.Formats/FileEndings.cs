using System.Globalization;

namespace Sclip.Formats;

/// <summary>Counts of files by their endings, as they stand in a sentence.</summary>
public static class FileEndings
{
    /// <summary>The most frequent first, such as <c>3 .txt, 1 .gif, …</c>.</summary>
    /// <param name="counts">How many files there are of each ending; of none, the key is empty.</param>
    /// <param name="most">How many endings are named.</param>
    public static string List(IReadOnlyDictionary<string, long> counts, int most)
    {
        var shown = counts.OrderByDescending(item => item.Value).ThenBy(item => item.Key, StringComparer.Ordinal).Take(most)
            .Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Value} {(item.Key.Length == 0 ? "without an ending" : item.Key)}"));
        return $"{string.Join(", ", shown)}{(counts.Count > most ? ", …" : "")}";
    }
}
