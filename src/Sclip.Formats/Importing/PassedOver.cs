using System.Globalization;

namespace Sclip.Formats.Importing;

/// <summary>Files that are passed over, counted by their ending.</summary>
internal sealed class PassedOver
{
    private const int MostEndings = 5, LongestEnding = 12;
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a file.</summary>
    public void Add(string name)
    {
        var ending = Path.GetExtension(name).ToLowerInvariant();
        ending = ending.Length is > 1 and <= LongestEnding ? ending : "";
        _counts[ending] = _counts.GetValueOrDefault(ending) + 1;
    }

    /// <summary>A sentence; null where there are none.</summary>
    public string? Describe()
    {
        if (_counts.Count == 0)
            return null;
        var sum = _counts.Values.Sum();
        return string.Create(CultureInfo.InvariantCulture, $"{sum} {(sum == 1 ? "file was" : "files were")} passed over: {FileEndings.List(_counts, MostEndings)}.");
    }
}
