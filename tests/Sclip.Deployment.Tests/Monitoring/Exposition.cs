using System.Text.RegularExpressions;

namespace Sclip.Deployment.Tests.Monitoring;

/// <summary>What pages of /metrics export: names, and the values of labels.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, Dictionary<string, HashSet<string>>> _series = [];

    /// <summary>Takes a page in.</summary>
    public void Add(string page)
    {
        foreach (var line in page.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var name = line[..line.IndexOfAny(['{', ' '])];
            if (!_series.TryGetValue(name, out var labels))
                _series.Add(name, labels = []);
            foreach (Match label in Label().Matches(line[name.Length..]))
            {
                if (!labels.TryGetValue(label.Groups[1].Value, out var values))
                    labels.Add(label.Groups[1].Value, values = []);
                values.Add(label.Groups[2].Value);
            }
        }
    }

    public bool Has(string name) => _series.ContainsKey(name);

    /// <summary>The values that a label of a metric had; null where the metric has no such label.</summary>
    public IReadOnlySet<string>? Values(string name, string label) => _series.GetValueOrDefault(name)?.GetValueOrDefault(label);

    [GeneratedRegex(@"(\w+)=""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Label();
}
