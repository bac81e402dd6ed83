using System.Globalization;
using Sclip.Contracts;
using Sclip.Labels;
using Spectre.Console;

namespace Sclip.Cli.Labelling;

/// <summary>The table at the end of a run.</summary>
/// <param name="labels">The classes.</param>
/// <param name="ofFeatures">Whether kept features are labelled, and pixels only where those cannot be.</param>
internal sealed class RunSummary(LabelSet labels, bool ofFeatures)
{
    private const int MostReasons = 3;
    private readonly Dictionary<string, long> _pixels = [];
    private readonly List<string> _failures = [], _unused = [];
    private (double Sum, long Pictures) _doubt;

    public int Done { get; private set; }

    public int Failed => _failures.Count;

    private long Windows { get; set; }

    /// <summary>Counts a picture of this run, or one that an earlier run labelled.</summary>
    public void Add(ImageResult result, bool isNew)
    {
        if (result.Status == ImageStatus.Failed)
        {
            _failures.Add($"{result.Image}: {result.Error}");
            return;
        }
        if (isNew)
        {
            Done++;
            Windows += result.Windows ?? 0;
            if (result.FeaturesUnused is { } reason)
                _unused.Add($"{result.Image}: {reason}");
        }
        // Results of earlier versions have none.
        if (result.Doubt is { } doubt)
            _doubt = (_doubt.Sum + doubt, _doubt.Pictures + 1);
        foreach (var (name, count) in result.Pixels ?? new Dictionary<string, long>())
            _pixels[name] = _pixels.GetValueOrDefault(name) + count;
    }

    public void Write(CliContext context, int skipped, int otherFiles, TimeSpan elapsed, string output, string resultsPath)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));
        Row("labelled", Number(Done));
        if (ofFeatures)
        {
            Row("  by kept features", Number(Done - _unused.Count));
            Row("  by pixels", Number(_unused.Count));
            foreach (var reason in _unused.Take(MostReasons))
                Row("", reason);
            if (_unused.Count > MostReasons)
                Row("", $"and {Number(_unused.Count - MostReasons)} more: features_unused in the results");
        }
        Row("failed", Number(Failed));
        Row("skipped (labelled before)", Number(skipped));
        if (otherFiles > 0)
            Row("other files", Number(otherFiles));
        Row("time", elapsed.ToString(@"hh\:mm\:ss\.f", CultureInfo.InvariantCulture));
        if (!ofFeatures)
            Row("windows/s", string.Create(CultureInfo.InvariantCulture, $"{Windows / Math.Max(elapsed.TotalSeconds, 1e-9):0.0}"));
        if (_doubt.Pictures > 0)
            Row("doubt, mean", string.Create(CultureInfo.InvariantCulture, $"{_doubt.Sum / _doubt.Pictures:0.00}"));
        foreach (var (name, share) in ClassShares.Rows(_pixels))
            Row(name, share);
        foreach (var warning in LabelWarnings.Of(labels.Classes, _pixels, Done + skipped))
            Row("warning", warning);
        Row("masks", Path.Combine(output, "masks"));
        Row("results", resultsPath);
        context.Console.Write(table);
        if (context.Interactive)
            foreach (var failure in _failures.Take(10))
                context.Error.WriteLine($"failed: {failure}");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
