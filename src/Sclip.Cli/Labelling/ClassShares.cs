using System.Globalization;

namespace Sclip.Cli.Labelling;

/// <summary>The classes' shares of all pixels as rows of a table: the largest, and the rest together.</summary>
internal static class ClassShares
{
    private const int Most = 12;

    public static IEnumerable<(string Name, string Share)> Rows(IReadOnlyDictionary<string, long> pixels)
    {
        var all = Math.Max(1, pixels.Values.Sum());
        var ordered = pixels.OrderByDescending(item => item.Value).ThenBy(item => item.Key, StringComparer.Ordinal).ToArray();
        foreach (var (name, count) in ordered.Take(Most))
            yield return ($"  {name}", Percent(count));
        var rest = ordered.Skip(Most).ToArray();
        if (rest.Length > 0)
            yield return (rest.Length == 1 ? "  1 more class" : $"  {rest.Length} more classes", Percent(rest.Sum(item => item.Value)));

        string Percent(long count) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / all,5:0.0} %");
    }
}
