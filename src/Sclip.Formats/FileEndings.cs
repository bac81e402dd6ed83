using System.Globalization;

namespace Sclip.Formats;

/// <summary>Counts files by their endings, and writes the counts as they stand in a sentence.</summary>
public static class FileEndings
{
    // What is longer is no kind of file, but what comes after a full stop in a name.
    private const int Longest = 12;

    /// <summary>A file's ending as it is counted, in lower case; empty where it has none.</summary>
    internal static string Of(ReadOnlySpan<char> name) => Path.GetExtension(name) is { Length: <= Longest } ending ? ending.ToString().ToLowerInvariant() : "";

    /// <summary>Counts a file of an ending.</summary>
    internal static void Count(Dictionary<string, long> counts, string ending) => counts[ending] = counts.GetValueOrDefault(ending) + 1;

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
