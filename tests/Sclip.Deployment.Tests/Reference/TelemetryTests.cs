using System.Text.RegularExpressions;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>That docs/telemetry.md has every metric, span and attribute of the program, and no other.</summary>
public class TelemetryTests
{
    private static readonly Page Page = new("telemetry.md");

    [Fact]
    public void Every_metric_is_on_the_page_with_its_kind_and_unit()
    {
        var shown = Page.Rows("Metrics of the program").Select(row => string.Join(", ", row[..4]));
        var created = Instrument.All.Select(metric => $"`{metric.PrometheusName}`, `{metric.Name}`, {metric.Kind}, `{metric.Unit}`");
        Assert.Equal(created.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_span_is_on_the_page()
    {
        // Names that are put together have a hole for the kind of an answer.
        var kinds = Sources.All(@"\.Measured\(""([a-z]+)""\)");
        var begun = Sources.All(@"StartActivity\(\$?""([^""]+)""").SelectMany(name => name.Contains('{', StringComparison.Ordinal) ? kinds.Select(kind => Regex.Replace(name, @"\{\w+\}", kind)) : [name]);
        var stages = Sources.All(@"new StageClock\(""([a-z]+)""");
        Assert.NotEmpty(kinds);
        Assert.NotEmpty(stages);
        Assert.Equal(begun.Concat(stages).Order(StringComparer.Ordinal), Page.Rows("Spans").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_attribute_is_on_the_page_and_each_there_is_set()
    {
        var metrics = Instrument.All.Select(metric => metric.Name).ToArray();
        // The keys of pairs, tags and attributes; other texts of the kind are names of instruments.
        var keys = Sources.All(@"(?:KeyValuePair<string, object\?>|SetTag|\bTag|\bnew)\(""((?:sclip|hw)\.[a-z_.]+)""").Except(metrics).ToArray();
        var cells = Page.Rows("Metrics of the program").Select(row => row[4]).Concat(Page.Rows("Spans").Select(row => row[2]));
        Assert.Equal(keys, cells.SelectMany(cell => Regex.Matches(cell, @"`((?:sclip|hw)\.[a-z_.]+)`").Select(match => match.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal));
    }
}
