using System.Globalization;

namespace Sclip.Formats.Importing;

/// <summary>Files that are passed over, counted by their ending.</summary>
internal sealed class PassedOver
{
    private const int MostEndings = 5;
    private readonly Dictionary<string, long> _counts = [];

    /// <summary>Counts a file.</summary>
    public void Add(string name) => FileEndings.Count(_counts, FileEndings.Of(name));

    /// <summary>A sentence; null where there are none.</summary>
    public string? Describe()
    {
        if (_counts.Count == 0)
            return null;
        var sum = _counts.Values.Sum();
        return string.Create(CultureInfo.InvariantCulture, $"{sum} {(sum == 1 ? "file was" : "files were")} passed over: {FileEndings.List(_counts, MostEndings)}.");
    }
}
